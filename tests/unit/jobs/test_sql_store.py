from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pydantic import JsonValue
from tests.homes import add_bundle
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.errors import InvalidInputError, UnknownNameError, WrongStateError
from modelfoundry.jobs.bundles import module_of_bundle
from modelfoundry.jobs.model import Job, Progress
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.jobs.store import Head, IdempotencyKey, LogFilter, NewEvent
from modelfoundry.settings import Home


def new_job(minutes: int = 0) -> Job:
    now = NOON + timedelta(minutes=minutes)
    return Job.new("modularize", {"model": "toy"}, title=f"job {minutes}", now=now)


def test_a_job_comes_back_as_it_was_put(store: SqlJobStore, job: Job):
    running = store.add(job.start(RUNNER, now=NOON))

    assert store.get(job.id) == running


def test_an_unknown_id_is_named_in_the_error(store: SqlJobStore):
    with pytest.raises(UnknownNameError, match=r"no job named '\.\./x'"):
        store.get("../x")


def test_a_move_is_kept_with_an_event_for_each_new_state(store: SqlJobStore, job: Job):
    store.add(job)

    store.move(
        job.id,
        lambda job: job.start(RUNNER, now=NOON),
        lambda job: job.interrupt("power cut", died=False, now=NOON),
        lambda job: job.resume(now=NOON),
    )

    assert store.get(job.id).state == "queued"
    assert [
        (e.seq, e.data["state"], e.attempt) for e in store.events(job.id, after=0, limit=9)
    ] == [
        (1, "queued", 0),
        (2, "running", 1),
        (3, "interrupted", 1),
        (4, "queued", 1),
    ]


def test_if_one_move_is_forbidden_none_of_them_takes_place(store: SqlJobStore, job: Job):
    store.add(job)

    with pytest.raises(WrongStateError):
        store.move(
            job.id, lambda job: job.start(RUNNER, now=NOON), lambda job: job.resume(now=NOON)
        )

    assert store.get(job.id) == job
    assert len(store.events(job.id, after=0, limit=9)) == 1


def test_the_job_queued_longest_is_claimed_first(store: SqlJobStore):
    late, early = store.add(new_job(minutes=5)), store.add(new_job(minutes=1))

    claimed = [store.claim(RUNNER), store.claim(RUNNER), store.claim(RUNNER)]

    assert [job and (job.id, job.state) for job in claimed] == [
        (early.id, "running"),
        (late.id, "running"),
        None,
    ]


def test_two_runners_at_once_never_claim_the_same_job(store: SqlJobStore):
    ids = {store.add(new_job(minutes)).id for minutes in range(20)}

    with ThreadPoolExecutor(max_workers=4) as runners:
        claimed = list(runners.map(store.claim, [RUNNER] * 20))

    assert {job.id for job in claimed if job} == ids


def test_events_are_numbered_without_gaps_and_read_from_where_one_left_off(
    store: SqlJobStore, job: Job
):
    store.add(job.start(RUNNER, now=NOON))  # event 1: running
    store.append(job.id, 1, [log("a"), log("b")])
    store.append(job.id, 1, [log("c")])

    following = store.events(job.id, after=2, limit=9)

    assert [(e.seq, e.data["message"], e.time) for e in following] == [
        (3, "b", NOON),
        (4, "c", NOON),
    ]


def log(message: str, level: str = "info") -> NewEvent:
    return NewEvent("log", {"level": level, "message": message}, NOON)


def test_the_last_progress_event_becomes_the_progress_of_the_job(store: SqlJobStore, job: Job):
    store.add(job.start(RUNNER, now=NOON))
    data: list[dict[str, JsonValue]] = [
        {"stage": "search", "done": 1, "total": 3, "eta_s": None},
        {"stage": "search", "done": 2, "total": 3, "eta_s": 1.5},
    ]

    store.append(job.id, 1, [NewEvent("progress", progress, NOON) for progress in data])

    assert store.get(job.id).progress == Progress("search", 2, 3, 1.5)


def test_a_superseded_attempt_can_write_no_more_events(store: SqlJobStore, job: Job):
    store.add(job.start(RUNNER, now=NOON).fail("x", now=NOON).retry(now=NOON))
    store.claim(RUNNER)

    with pytest.raises(WrongStateError, match=r"attempt 1 .* no longer the latest"):
        store.append(job.id, 1, [log("late")])


def test_pages_list_the_newest_first_without_overlap(store: SqlJobStore):
    jobs = [store.add(new_job(minutes)) for minutes in range(3)]

    first = store.page(state=None, kind=None, cursor=None, limit=2)
    second = store.page(state=None, kind=None, cursor=first.next_cursor, limit=2)

    assert [job.id for job in first.items] == [jobs[2].id, jobs[1].id]
    assert [job.id for job in second.items] == [jobs[0].id]
    assert (first.total, second.next_cursor) == (3, None)


def test_pages_can_be_limited_to_a_state_and_a_kind(store: SqlJobStore):
    store.add(new_job())
    running = store.add(new_job().start(RUNNER, now=NOON))

    page = store.page(state="running", kind="modularize", cursor=None, limit=9)

    assert [job.id for job in page.items] == [running.id]
    assert store.page(state=None, kind="train", cursor=None, limit=9).total == 0


def test_a_made_up_cursor_is_an_input_error(store: SqlJobStore):
    with pytest.raises(InvalidInputError, match="no job list ends at 'zz'"):
        store.page(state=None, kind=None, cursor="zz", limit=2)


def test_the_same_key_and_body_give_the_same_job(store: SqlJobStore):
    key = IdempotencyKey("key", "body")
    first = store.add(new_job(), idempotency=key)

    second = store.add(new_job(), idempotency=key)

    assert second.id == first.id
    assert store.page(state=None, kind=None, cursor=None, limit=9).total == 1


def test_the_same_key_with_another_body_is_refused(store: SqlJobStore):
    store.add(new_job(), idempotency=IdempotencyKey("key", "body"))

    with pytest.raises(WrongStateError, match="the key 'key' was used for another request"):
        store.add(new_job(), idempotency=IdempotencyKey("key", "other"))


def test_a_page_goes_on_although_the_job_it_ended_with_was_deleted(store: SqlJobStore):
    jobs = [store.add(new_job(minutes).request_cancel(now=NOON)) for minutes in range(3)]
    first = store.page(state=None, kind=None, cursor=None, limit=1)

    store.delete(jobs[2].id)
    second = store.page(state=None, kind=None, cursor=first.next_cursor, limit=1)

    assert [job.id for job in second.items] == [jobs[1].id]


def test_a_deleted_job_leaves_nothing_but_its_modules(
    store: SqlJobStore, modules: ModuleStore, home: Home, job: Job
):
    store.add(job.start(RUNNER, now=NOON))
    store.append(job.id, 1, [log("a")])
    module = module_of_bundle(add_bundle(home), job_id=job.id)
    modules.put(module)
    store.move(job.id, lambda job: job.succeed(modules=(module.id,), result={}, now=NOON))

    store.delete(job.id)

    assert store.heads([job.id]) == {}
    assert store.events(job.id, after=0, limit=9) == []
    assert modules.get(module.id).job_id is None


def test_a_job_that_may_still_work_cannot_be_deleted(store: SqlJobStore, job: Job):
    store.add(job)

    with pytest.raises(WrongStateError, match=f"cannot delete job {job.id}: it is queued"):
        store.delete(job.id)


def test_the_head_of_a_job_is_its_newest_event_and_its_state(store: SqlJobStore, job: Job):
    store.add(job.start(RUNNER, now=NOON))  # event 1
    store.append(job.id, 1, [log("a"), log("b")])  # 2, 3

    assert store.heads([job.id, "nope"]) == {job.id: Head(3, "running")}


def test_words_are_looked_for_in_titles_and_in_logs(store: SqlJobStore, job: Job):
    store.add(job.start(RUNNER, now=NOON))  # "3 from toy"
    store.append(job.id, 1, [log("Loading 10%"), log("100 done")])

    jobs = store.page(state=None, kind=None, cursor=None, limit=9, words="FROM", model="toy")
    lines = store.log(job.id, LogFilter(words="10%"), limit=9)

    assert [found.id for found in jobs.items] == [job.id]
    assert [line.message for line in lines.items] == ["Loading 10%"]

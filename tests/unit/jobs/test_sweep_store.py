from datetime import timedelta

import pytest
from sqlalchemy import Engine
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.errors import InvalidInputError, UnknownNameError, WrongStateError
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.jobs.store import IdempotencyKey
from modelfoundry.jobs.sweep_store import SweepStore
from modelfoundry.jobs.sweeps import Sweep


@pytest.fixture
def sweeps(database: Engine) -> SweepStore:
    return SweepStore(database)


def new_job(second: int = 0) -> Job:
    now = NOON + timedelta(seconds=second)
    return Job.new("modularize", {"model": "toy"}, title=f"job {second}", now=now)


def new_sweep(second: int = 0) -> Sweep:
    now = NOON + timedelta(seconds=second)
    return Sweep.new({"models": ["toy"]}, title=f"sweep {second}", now=now)


def test_a_sweep_comes_back_with_its_members_counted_and_in_order(sweeps: SweepStore):
    wanted = new_sweep()
    jobs = [new_job(0), new_job(1), new_job(2)]

    sweeps.add(wanted, jobs)

    kept = sweeps.get(wanted.id)
    assert (kept.title, kept.request, kept.created_at) == ("sweep 0", {"models": ["toy"]}, NOON)
    assert kept.members == {"queued": 3}
    assert [job.id for job in sweeps.jobs(wanted.id)] == [job.id for job in jobs]
    assert {job.sweep_id for job in sweeps.jobs(wanted.id)} == {wanted.id}


def test_members_are_ordinary_jobs_with_a_first_event(sweeps: SweepStore, store: SqlJobStore):
    job = new_job()
    sweeps.add(new_sweep(), [job])

    assert [e.data["state"] for e in store.events(job.id, after=0, limit=9)] == ["queued"]


def test_an_interrupted_member_counts_as_queued_while_it_will_resume_by_itself(
    sweeps: SweepStore,
):
    running = new_job().start(RUNNER, now=NOON)
    resumes = running.interrupt("stopped", died=False, now=NOON)
    sweep = sweeps.add(new_sweep(), [resumes])

    assert sweep.members == {"queued": 1}


def test_the_same_key_and_body_give_the_same_sweep(sweeps: SweepStore, store: SqlJobStore):
    key = IdempotencyKey("key", "body")
    first = sweeps.add(new_sweep(), [new_job()], idempotency=key)

    assert sweeps.add(new_sweep(), [new_job()], idempotency=key).id == first.id
    assert store.page(state=None, kind=None, cursor=None, limit=9).total == 1
    with pytest.raises(WrongStateError, match="the key 'key' was used for another request"):
        sweeps.add(new_sweep(), [new_job()], idempotency=IdempotencyKey("key", "other"))


def test_pages_list_the_newest_first_without_overlap(sweeps: SweepStore):
    old, new = sweeps.add(new_sweep(0), [new_job()]), sweeps.add(new_sweep(1), [new_job()])

    first = sweeps.page(cursor=None, limit=1)
    second = sweeps.page(cursor=first.next_cursor, limit=1)

    assert ([s.id for s in first.items], [s.id for s in second.items]) == ([new.id], [old.id])
    assert (first.total, second.next_cursor, first.items[0].num_jobs) == (2, None, 1)


def test_what_was_never_given_is_named_in_the_error(sweeps: SweepStore):
    with pytest.raises(UnknownNameError, match="no sweep named 'zz'"):
        sweeps.get("zz")
    with pytest.raises(InvalidInputError, match="no sweep list ends at 'zz'"):
        sweeps.page(cursor="zz", limit=2)


def test_a_job_asked_for_alone_is_claimed_before_members_of_a_sweep(
    sweeps: SweepStore, store: SqlJobStore
):
    member, alone = new_job(0), new_job(5)
    sweeps.add(new_sweep(), [member])
    store.add(alone)

    claimed = [store.claim(RUNNER), store.claim(RUNNER)]

    assert [job and job.id for job in claimed] == [alone.id, member.id]


def test_only_members_of_one_sweep_can_be_claimed(sweeps: SweepStore, store: SqlJobStore):
    store.add(new_job())
    sweeps.add(new_sweep(), [new_job()])
    member = new_job()
    sweep = sweeps.add(new_sweep(), [member])

    claimed = [store.claim(RUNNER, sweep_id=sweep.id), store.claim(RUNNER, sweep_id=sweep.id)]

    assert [job and job.id for job in claimed] == [member.id, None]

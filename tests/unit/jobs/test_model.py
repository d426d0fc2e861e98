from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.errors import WrongStateError
from modelfoundry.jobs.model import MAX_DEATHS_RESUMED, Job, ProcessId

LATER = NOON + timedelta(hours=1)


def test_a_new_job_is_queued_and_has_no_attempt(job: Job):
    assert (job.state, job.attempts) == ("queued", ())


def test_starting_begins_an_attempt_in_the_given_process(job: Job):
    running = job.start(RUNNER, now=LATER)

    assert running.state == "running"
    assert [(a.number, a.state, a.process) for a in running.attempts] == [(1, "running", RUNNER)]


def test_success_ends_the_job_and_its_attempt(job: Job):
    done = job.start(RUNNER, now=NOON).succeed(modules=("m",), result={"a": 1}, now=LATER)

    assert (done.state, done.modules, done.result, done.ended_at) == (
        "succeeded",
        ("m",),
        {"a": 1},
        LATER,
    )
    assert (done.attempts[0].state, done.attempts[0].ended_at) == ("succeeded", LATER)


def test_failure_keeps_the_error_with_job_and_attempt(job: Job):
    failed = job.start(RUNNER, now=NOON).fail("no room", now=LATER)

    assert (failed.error, failed.attempts[0].error) == ("no room", "no room")


def test_cancelling_a_queued_job_ends_it_at_once(job: Job):
    assert job.request_cancel(now=LATER).state == "cancelled"


def test_cancelling_a_running_job_only_asks_it_to_end(job: Job):
    asked = job.start(RUNNER, now=NOON).request_cancel(now=LATER)

    assert (asked.state, asked.cancel_requested) == ("running", True)


@pytest.mark.parametrize("end", ["succeeded", "failed", "cancelled"])
def test_a_finished_job_cannot_be_cancelled(job: Job, end: str):
    finished = replace(job, state=end)  # type: ignore[arg-type]

    with pytest.raises(WrongStateError, match=f"cannot cancel job {job.id}: it is {end}"):
        finished.request_cancel(now=LATER)


def test_a_queued_job_cannot_succeed(job: Job):
    with pytest.raises(WrongStateError, match="it is queued, not running"):
        job.succeed(modules=(), result={}, now=LATER)


def test_a_running_job_cannot_be_started_again(job: Job):
    with pytest.raises(WrongStateError, match="it is running, not queued"):
        job.start(RUNNER, now=NOON).start(RUNNER, now=NOON)


def test_an_interrupted_job_resumes_by_itself_and_forgets_the_error(job: Job):
    interrupted = job.start(RUNNER, now=NOON).interrupt("power cut", died=False, now=LATER)
    resumed = interrupted.resume(now=LATER)

    assert (interrupted.state, interrupted.error, interrupted.resumes) == (
        "interrupted",
        "power cut",
        True,
    )
    assert (resumed.state, resumed.error, resumed.ended_at) == ("queued", None, None)


def die(job: Job) -> Job:
    return job.start(RUNNER, now=NOON).interrupt("killed", died=True, now=NOON)


def test_a_job_whose_process_keeps_dying_waits_for_a_person_after_three_resumes(job: Job):
    assert MAX_DEATHS_RESUMED == 3
    third = die(die(die(job).resume(now=NOON)).resume(now=NOON))
    fourth = die(third.resume(now=NOON))

    assert (third.resumes, fourth.resumes) == (True, False)
    assert fourth.error == "killed; resumed 3 times already, so it waits for a retry"


def test_a_stopped_server_never_uses_up_resumes(job: Job):
    stopped = job.start(RUNNER, now=NOON).interrupt("stopped", died=False, now=NOON)

    assert stopped.deaths == 0


def test_a_retry_starts_counting_deaths_anew_and_drops_the_cancel_request(job: Job):
    dead = replace(die(job), cancel_requested=True)

    again = dead.retry(now=LATER)

    assert (again.state, again.deaths, again.cancel_requested, again.error) == (
        "queued",
        0,
        False,
        None,
    )


@pytest.mark.parametrize("state", ["queued", "running", "succeeded"])
def test_only_jobs_that_ended_without_success_can_be_retried(job: Job, state: str):
    with pytest.raises(WrongStateError, match="cannot retry"):
        replace(job, state=state).retry(now=LATER)  # type: ignore[arg-type]


def test_the_second_attempt_has_number_two_and_keeps_the_first(job: Job):
    first = job.start(RUNNER, now=NOON).fail("no room", now=NOON)
    second = first.retry(now=LATER).start(RUNNER, now=LATER)

    assert [(a.number, a.state) for a in second.attempts] == [(1, "failed"), (2, "running")]
    assert second.started_at == NOON


def test_handing_over_records_the_process_that_does_the_work(job: Job):
    child = ProcessId(pid=7, started=1.0, launcher="runner")

    assert job.start(RUNNER, now=NOON).hand_over(1, child).attempts[0].process == child


def test_a_process_of_an_earlier_attempt_may_not_take_the_job_over(job: Job):
    second = job.start(RUNNER, now=NOON).fail("x", now=NOON).retry(now=NOON).start(RUNNER, now=NOON)

    with pytest.raises(WrongStateError, match=r"attempt 1 of job .* is over"):
        second.hand_over(1, RUNNER)


def test_the_time_worked_is_that_of_all_ended_attempts_without_the_waits_between(job: Job):
    first = job.start(RUNNER, now=NOON).fail("x", now=NOON + timedelta(seconds=3))
    later = NOON + timedelta(hours=1)
    second = first.retry(now=later).start(RUNNER, now=later)

    assert (job.worked_s, first.worked_s, second.worked_s) == (None, 3.0, 3.0)
    done = second.succeed(modules=(), result={}, now=later + timedelta(seconds=4))
    assert done.worked_s == 7.0

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.unit.jobs.conftest import NOON
from tests.unit.jobs.fake_pipelines import PIPELINES, Behaviour, new_job

from modelfoundry.jobs.model import AT_REST, Job
from modelfoundry.jobs.runners.local import LocalRunner
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.settings import Home, Settings

ROOT = Path(__file__).parents[4]


class StartedRunner:
    """A runner with two slots in a thread of the test."""

    def __init__(self, store: SqlJobStore, settings: Settings) -> None:
        self._stop = threading.Event()
        runner = LocalRunner(store, settings, pipelines=PIPELINES, preload=(), grace_s=0.5)
        self._thread = threading.Thread(target=runner.run, args=(self._stop.is_set,))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


@pytest.fixture
def start(
    store: SqlJobStore, home: Home, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], StartedRunner]]:
    monkeypatch.syspath_prepend(str(ROOT))  # job processes import the fake pipelines by name
    started: list[StartedRunner] = []

    def start() -> StartedRunner:
        settings = Settings(home=home, slots=2, database_url=database_url)
        started.append(StartedRunner(store, settings))
        return started[-1]

    yield start
    for runner in started:
        runner.stop()


@pytest.fixture
def submit(store: SqlJobStore) -> Callable[[Behaviour], Job]:
    return lambda behaviour: store.add(new_job(behaviour))


def wait(store: SqlJobStore, job: Job, is_so: Callable[[Job], bool]) -> Job:
    give_up_at = time.monotonic() + 30
    while not is_so(found := store.get(job.id)) and time.monotonic() < give_up_at:
        time.sleep(0.05)
    return found


def is_at_rest(job: Job) -> bool:
    return job.state in AT_REST and not job.resumes


def is_at_work(job: Job) -> bool:
    return job.progress is not None


def test_a_queued_job_is_run_in_a_process_of_its_own(store, start, submit):
    job = submit("succeed")
    start()

    done = wait(store, job, is_at_rest)

    assert (done.state, done.result) == ("succeeded", {"answer": 42})
    assert done.attempts[0].process.pid != os.getpid()


def test_as_many_jobs_run_at_once_as_there_are_slots(store, start, submit):
    jobs = [submit("loop") for _ in range(3)]
    start()

    [wait(store, job, is_at_work) for job in jobs[:2]]

    assert [store.get(job.id).state for job in jobs] == ["running", "running", "queued"]


def test_a_running_job_can_be_cancelled(store, start, submit):
    job = submit("loop")
    start()
    wait(store, job, is_at_work)

    store.move(job.id, lambda job: job.request_cancel(now=NOON))

    assert wait(store, job, is_at_rest).state == "cancelled"


def test_a_job_that_does_not_end_when_cancelled_is_killed(store, start, submit):
    job = submit("stubborn")
    start()
    wait(store, job, is_at_work)

    store.move(job.id, lambda job: job.request_cancel(now=NOON))

    assert wait(store, job, is_at_rest).state == "cancelled"


def test_a_job_whose_process_was_killed_is_resumed_with_its_folder(store, start, submit):
    job = submit("die once")
    start()

    done = wait(store, job, is_at_rest)

    assert [attempt.state for attempt in done.attempts] == ["interrupted", "succeeded"]
    assert "killed, perhaps because memory ran out" in str(done.attempts[0].error)


def test_a_job_that_dies_every_time_ends_up_waiting_for_a_person(store, start, submit):
    job = submit("die")
    start()

    waiting = wait(store, job, is_at_rest)

    assert (waiting.state, len(waiting.attempts)) == ("interrupted", 4)
    assert "waits for a retry" in str(waiting.error)


def test_stopping_the_runner_interrupts_jobs_and_the_next_runner_resumes_them(store, start, submit):
    job = submit("loop")
    first = start()
    wait(store, job, is_at_work)

    first.stop()
    stopped = store.get(job.id)
    start()
    resumed = wait(store, job, lambda job: len(job.attempts) == 2)

    assert (stopped.state, stopped.error) == ("interrupted", "the server was stopped")
    assert (resumed.state, resumed.deaths) == ("running", 0)

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest
from tests.unit.jobs.conftest import NOON

from modelfoundry.jobs.model import Job, ProcessId
from modelfoundry.jobs.processes import is_alive, this_process
from modelfoundry.jobs.recovery import recover
from modelfoundry.jobs.sql_store import SqlJobStore

DEAD = ProcessId(pid=1, started=0.0, launcher="runner")  # process 1 began later than 1970

ME = this_process("runner")


@pytest.fixture
def orphan() -> Iterator[ProcessId]:
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    )
    yield ProcessId(process.pid, psutil.Process(process.pid).create_time(), "runner")
    process.kill()
    process.wait()


def states(store: SqlJobStore, job: Job) -> list[object]:
    return [event.data["state"] for event in store.events(job.id, after=0, limit=9)]


def test_a_running_job_whose_process_is_gone_is_interrupted_and_queued_again(
    store: SqlJobStore, job: Job
):
    store.add(job.start(DEAD, now=NOON))

    recover(store, me=ME, mine=set())

    assert store.get(job.id).state == "queued"
    assert states(store, job) == ["running", "interrupted", "queued"]


def test_an_orphan_is_killed_before_its_job_is_queued_again(
    store: SqlJobStore, job: Job, orphan: ProcessId
):
    store.add(job.start(orphan, now=NOON))

    recover(store, me=ME, mine=set())

    assert not is_alive(orphan)
    assert store.get(job.id).state == "queued"


def test_a_job_that_a_living_command_line_works_on_is_left_alone(store: SqlJobStore, job: Job):
    running = store.add(job.start(this_process("command line"), now=NOON))

    recover(store, me=ME, mine=set())

    assert store.get(job.id) == running


def test_a_job_of_a_dead_command_line_is_resumed(store: SqlJobStore, job: Job):
    store.add(job.start(replace(DEAD, launcher="command line"), now=NOON))

    recover(store, me=ME, mine=set())

    assert store.get(job.id).state == "queued"


def test_the_runners_own_jobs_are_left_alone(store: SqlJobStore, job: Job):
    running = store.add(job.start(DEAD, now=NOON))

    recover(store, me=ME, mine={job.id})

    assert store.get(job.id) == running


def test_a_job_that_was_being_cancelled_is_cancelled_and_not_resumed(store: SqlJobStore, job: Job):
    store.add(job.start(DEAD, now=NOON).request_cancel(now=NOON))

    recover(store, me=ME, mine=set())

    assert store.get(job.id).state == "cancelled"


def test_a_job_that_waits_for_a_person_stays_interrupted(store: SqlJobStore, job: Job):
    waiting = replace(job.start(DEAD, now=NOON), deaths=3).interrupt("x", died=True, now=NOON)
    store.add(waiting)

    recover(store, me=ME, mine=set())

    assert store.get(job.id) == waiting


def test_a_job_that_was_claimed_but_could_not_be_started_is_queued_again(
    store: SqlJobStore, job: Job
):
    store.add(job.start(ME, now=NOON))

    recover(store, me=ME, mine=set())

    assert store.get(job.id).state == "queued"

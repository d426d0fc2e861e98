import os
import signal
import threading

import pytest
from tests.unit.jobs.conftest import NOON, RUNNER
from tests.unit.jobs.fake_pipelines import PIPELINES, Behaviour, new_job

from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.jobs.work import explain, work_on
from modelfoundry.settings import Home


@pytest.fixture
def do(home: Home, store: SqlJobStore, modules: ModuleStore):
    def do(behaviour: Behaviour) -> Job:
        job = store.add(new_job(behaviour).start(RUNNER, now=NOON))
        return work_on(job, home=home, jobs=store, modules=modules, pipelines=PIPELINES)

    return do


def messages(store: SqlJobStore, job: Job) -> list[object]:
    events = store.events(job.id, after=0, limit=99)
    return [event.data["message"] for event in events if event.type == "log"]


def test_a_job_that_ends_well_keeps_its_result_and_leaves_no_folder(do, home: Home):
    job = do("succeed")

    assert (job.state, job.result) == ("succeeded", {"answer": 42})
    assert not (home.jobs / job.id).exists()


def test_the_module_that_a_job_made_is_listed_with_the_job(do, modules: ModuleStore):
    job = do("bundle")

    assert job.module_id is not None
    assert modules.get(job.module_id).job_id == job.id


def test_an_error_meant_for_people_becomes_the_error_of_the_job(do, store: SqlJobStore):
    job = do("fail")

    assert (job.state, job.error) == ("failed", "the disk is full")
    assert messages(store, job)[-1] == "the disk is full"


def test_a_surprise_is_named_and_its_traceback_is_in_the_log(do, store: SqlJobStore):
    job = do("crash")

    assert job.error == "ZeroDivisionError: one over zero"
    assert any("fake_pipelines.py" in str(message) for message in messages(store, job))


def test_the_folder_of_a_failed_job_stays_for_a_retry(do, home: Home):
    assert (home.jobs / do("fail").id).is_dir()


def send_soon(number: signal.Signals) -> None:
    threading.Timer(0.3, os.kill, (os.getpid(), number)).start()


def test_sigterm_interrupts_so_that_the_job_is_resumed(do):
    send_soon(signal.SIGTERM)

    job = do("loop")

    assert (job.state, job.resumes, job.deaths) == ("interrupted", True, 0)


def test_ctrl_c_cancels(do):
    send_soon(signal.SIGINT)

    assert do("loop").state == "cancelled"


def test_sigterm_after_a_cancel_request_cancels(do, store: SqlJobStore):
    request = threading.Timer(
        0.1,
        lambda: store.move(store.in_state("running")[0].id, lambda j: j.request_cancel(now=NOON)),
    )
    request.start()
    send_soon(signal.SIGTERM)

    assert do("loop").state == "cancelled"


def test_running_out_of_memory_or_disk_is_explained():
    assert "choose a smaller batch_size" in explain(MemoryError("9 GiB"))
    assert explain(OSError(28, "No space left")).startswith("the disk is full")


def test_an_error_of_ours_is_told_as_it_is():
    assert explain(UnknownNameError("model", "x")) == "no model named 'x'"

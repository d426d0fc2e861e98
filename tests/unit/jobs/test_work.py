from dataclasses import replace

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
    def do(behaviour: Behaviour, *, cancel_requested: bool = False) -> Job:
        running = new_job(behaviour).start(RUNNER, now=NOON)
        job = store.add(replace(running, cancel_requested=cancel_requested))
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

    (module_id,) = job.modules
    assert modules.get(module_id).job_id == job.id


def test_an_error_meant_for_people_becomes_the_error_of_the_job(do, store: SqlJobStore):
    job = do("fail")

    assert (job.state, job.error) == ("failed", "the disk is full")
    assert messages(store, job)[-1] == "the disk is full"


def test_a_surprise_is_named_and_its_traceback_is_in_the_log(do, store: SqlJobStore):
    job = do("crash")

    assert "nobody expected, ZeroDivisionError: one over zero; " in job.error
    assert any("fake_pipelines.py" in str(message) for message in messages(store, job))


def test_the_folder_of_a_failed_job_stays_for_a_retry(do, home: Home):
    assert (home.jobs / do("fail").id).is_dir()


def test_sigterm_interrupts_so_that_the_job_is_resumed(do):
    job = do("terminated")

    assert (job.state, job.resumes, job.deaths) == ("interrupted", True, 0)


def test_ctrl_c_cancels(do):
    assert do("ctrl-c").state == "cancelled"


def test_a_cancel_request_in_the_store_cancels(do):
    assert do("loop", cancel_requested=True).state == "cancelled"


def test_sigterm_after_a_cancel_request_cancels(do):
    assert do("terminated", cancel_requested=True).state == "cancelled"


def test_running_out_of_memory_or_disk_is_explained():
    assert "choose a smaller batch_size" in explain(MemoryError("9 GiB"))
    assert explain(OSError(28, "No space left")).startswith("the disk is full")


def test_an_error_of_ours_is_told_as_it_is():
    assert explain(UnknownNameError("layer", "x")) == "no layer named 'x'"

import time
from collections.abc import Callable

import pytest
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.jobs.model import Job
from modelfoundry.jobs.reporter import JobReporter
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.jobs.store import LogFilter
from modelfoundry.jobs.usage import UsageMeter
from modelfoundry.progress import Cancelled


@pytest.fixture
def running(store: SqlJobStore, job: Job) -> Job:
    return store.add(job.start(RUNNER, now=NOON))


def is_soon(question: Callable[[], bool]) -> bool:
    """Ask again for a while, until the answer is yes."""
    give_up_at = time.monotonic() + 10
    while not (answer := question()) and time.monotonic() < give_up_at:
        time.sleep(0.02)
    return answer


def is_stopped(reporter: JobReporter) -> bool:
    try:
        reporter.raise_if_cancelled()
    except Cancelled:
        return True
    return False


def test_what_was_told_is_in_the_store_in_order_when_the_work_ends(
    store: SqlJobStore, running: Job
):
    with JobReporter(store, running.id, 1) as reporter:
        reporter.log("hello", level="warning")
        reporter.advance("search", done=1, total=2, accuracy=0.5, loss=float("nan"))

    _, hello, metric, progress = store.events(running.id, after=0, limit=9)
    assert (hello.type, hello.data) == ("log", {"level": "warning", "message": "hello"})
    assert metric.data == {"stage": "search", "step": 1, "values": {"accuracy": 0.5, "loss": None}}
    assert (progress.data["done"], progress.data["total"]) == (1, 2)


def test_each_line_of_a_text_is_a_line_of_the_log(store: SqlJobStore, running: Job):
    with JobReporter(store, running.id, 1) as reporter:
        reporter.log("1 %\r100 %\nsaved", level="warning")

    lines = store.log(running.id, LogFilter(), limit=9).items
    assert [(line.level, line.message) for line in lines] == [
        ("warning", "100 %"),
        ("warning", "saved"),
    ]


def test_what_the_work_takes_of_the_machine_is_told(store: SqlJobStore, running: Job):
    hours = iter(range(99))
    meter = UsageMeter(clock=lambda: next(hours) * 3600)  # always due

    with JobReporter(store, running.id, 1, meter=meter):
        assert is_soon(lambda: store.events(running.id, after=1, limit=1) != [])

    (usage,) = store.events(running.id, after=1, limit=1)
    assert usage.type == "usage"
    assert set(usage.data) == {"processors", "memory_bytes", "gpu_ratio", "gpu_memory_bytes"}


def test_a_line_reaches_the_store_while_the_work_goes_on(store: SqlJobStore, running: Job):
    with JobReporter(store, running.id, 1) as reporter:
        reporter.log("hello")

        assert is_soon(lambda: len(store.events(running.id, after=0, limit=9)) == 2)


def test_a_cancel_request_in_the_store_stops_the_work(store: SqlJobStore, running: Job):
    with JobReporter(store, running.id, 1) as reporter:
        assert not is_stopped(reporter)

        store.move(running.id, lambda job: job.request_cancel(now=NOON))

        assert is_soon(lambda: is_stopped(reporter))


def test_work_whose_attempt_was_superseded_is_stopped(store: SqlJobStore, running: Job):
    with JobReporter(store, running.id, 1) as reporter:
        store.move(
            running.id,
            lambda job: job.interrupt("lost", died=False, now=NOON),
            lambda job: job.resume(now=NOON),
            lambda job: job.start(RUNNER, now=NOON),
        )
        reporter.log("anybody there?")

        assert is_soon(lambda: is_stopped(reporter))

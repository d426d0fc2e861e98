import threading
from itertools import islice

import pytest

from modelfoundry.api.feed import KEPT, EventFeed
from modelfoundry.bootstrap import Services
from modelfoundry.jobs.model import Job, ProcessId, utc_now
from modelfoundry.jobs.store import Event, JobStore, NewEvent

RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")
QUIET_S = 5.0


@pytest.fixture
def store(services: Services) -> JobStore:
    return services.stores.jobs


@pytest.fixture
def job(store: JobStore) -> Job:
    """A running job; its first event."""
    new = Job.new("modularize", {"model": "toy"}, title="3 from toy", now=utc_now())
    return store.add(new.start(RUNNER, now=utc_now()))


@pytest.fixture
def shown() -> list[int]:
    """Which events were written, and how often."""
    return []


@pytest.fixture
def feed(services: Services, shown: list[int]) -> EventFeed:
    def show(event: Event) -> str:
        shown.append(event.seq)
        return f"{event.seq} "

    return EventFeed(services.jobs, show)


def say(store: JobStore, job: Job, *, times: int = 1) -> None:
    line = NewEvent("log", {"level": "info", "message": "hello"}, utc_now())
    store.append(job.id, 1, [line] * times)


def finish(store: JobStore, job: Job) -> None:
    store.move(job.id, lambda job: job.succeed(modules=(), result={}, now=utc_now()))


def test_who_follows_gets_what_was_before_and_what_comes(
    feed: EventFeed, store: JobStore, job: Job
):
    following = feed.follow(job.id, after=0, quiet_s=QUIET_S)

    before = next(following)
    say(store, job)
    news = next(following)
    finish(store, job)

    assert (before, news, "".join(following)) == ("1 ", "2 ", "3 ")


def test_an_event_is_written_once_for_all_who_follow(
    feed: EventFeed, store: JobStore, job: Job, shown: list[int]
):
    streams = [feed.follow(job.id, after=1, quiet_s=0.01) for _ in range(3)]
    assert ["".join(islice(stream, 1)) for stream in streams] == ["", "", ""]

    say(store, job)
    finish(store, job)

    assert ["".join(stream) for stream in streams] == ["2 3 "] * 3
    assert shown == [2, 3]


def test_who_is_further_behind_than_what_is_kept_misses_nothing(
    feed: EventFeed, store: JobStore, job: Job
):
    slow = feed.follow(job.id, after=1, quiet_s=0.01)
    assert next(slow) == ""

    say(store, job, times=KEPT + 10)
    finish(store, job)

    numbers = "".join(slow).split()
    assert numbers == [str(seq) for seq in range(2, KEPT + 13)]


def test_nothing_is_polled_once_nobody_follows(feed: EventFeed, store: JobStore, job: Job):
    finish(store, job)
    others = threading.enumerate()

    assert "".join(feed.follow(job.id, after=0, quiet_s=QUIET_S)) == "1 2 "
    (polling,) = [
        thread for thread in threading.enumerate() if thread.name == "feed" and thread not in others
    ]
    polling.join(QUIET_S)
    assert not polling.is_alive()


def test_a_job_deleted_meanwhile_ends_its_streams(feed: EventFeed, store: JobStore, job: Job):
    following = feed.follow(job.id, after=1, quiet_s=0.01)
    next(following)

    finish(store, job)
    store.delete(job.id)

    assert "".join(following) in ("", "2 ")

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.jobs.model import Job
from modelfoundry.jobs.sql_events import read_log
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.jobs.store import LogFilter, NewEvent
from modelfoundry.settings import Home


@pytest.fixture
def database_url(home: Home) -> str:
    """One kind of database is enough here."""
    return home.database_url


def log(message: str, level: str = "info") -> NewEvent:
    return NewEvent("log", {"level": level, "message": message}, NOON)


@pytest.fixture
def talkative(store: SqlJobStore, job: Job) -> str:
    """Events 1 running, 2-4 log lines, 5 usage, 6 failed, 7 queued, 8 running, 9 a log line."""
    store.add(job.start(RUNNER, now=NOON))
    usage = NewEvent("usage", {"processors": 1.0}, NOON)
    lines = [log("Loading 10%"), log("Careful", "warning"), log("loading 100 x")]
    store.append(job.id, 1, [*lines, usage])
    store.move(job.id, lambda job: job.fail("x", now=NOON), lambda job: job.retry(now=NOON))
    store.claim(RUNNER)
    store.append(job.id, 2, [log("again")])
    return job.id


@pytest.mark.parametrize(
    ("wanted", "place", "found"),
    [
        (LogFilter(), {}, [4, 9]),
        (LogFilter(), {"before": 4}, [2, 3]),
        (LogFilter(), {"after": 0}, [2, 3]),
        (LogFilter(), {"after": 2}, [3, 4]),
        (LogFilter(level="warning"), {}, [3]),
        (LogFilter(attempt=1), {}, [3, 4]),
        (LogFilter(words="LOADING"), {}, [2, 4]),
        (LogFilter(words="10%"), {}, [2]),
    ],
    ids=["newest", "before", "from the start", "after", "level", "attempt", "words", "no wildcard"],
)
def test_a_log_is_read_in_parts(
    store: SqlJobStore,
    talkative: str,
    wanted: LogFilter,
    place: dict[str, int],
    found: list[int],
):
    page = store.log(talkative, wanted, limit=2, **place)

    assert [line.seq for line in page.items] == found


def test_a_part_of_a_log_says_whether_there_is_more(store: SqlJobStore, talkative: str):
    assert store.log(talkative, LogFilter(), limit=3).has_more
    assert not store.log(talkative, LogFilter(), limit=4).has_more
    assert not store.log(talkative, LogFilter(), after=4, limit=1).has_more


def test_a_search_looks_at_a_part_of_a_long_log_and_goes_on_from_there(
    database: Engine, talkative: str
):
    wanted = LogFilter(words="10%")  # which event 2 has, of 9

    def found(**place: int) -> tuple[list[int], bool, int]:
        with Session(database) as session:
            page = read_log(
                session, talkative, wanted, after=None, limit=9, searched_at_once=5, **place
            )
        return [line.seq for line in page.items], page.has_more, page.reached

    assert found(before=10) == ([], True, 5)  # 5 to 9 were read
    assert found(before=5) == ([2], False, 1)


def test_a_search_from_the_start_goes_on_too(store: SqlJobStore, talkative: str):
    first = store.log(talkative, LogFilter(words="loading"), after=0, limit=1)
    second = store.log(talkative, LogFilter(words="loading"), after=first.reached, limit=1)

    assert ([line.seq for line in first.items], first.has_more, first.reached) == ([2], True, 2)
    assert [line.seq for line in second.items] == [4]


def test_events_of_some_types_are_read_without_the_log(store: SqlJobStore, talkative: str):
    usage = store.events(talkative, after=0, limit=9, types=["usage"])
    both = store.events(talkative, after=4, limit=9, types=["usage", "log"])

    assert [event.seq for event in usage] == [5]
    assert [event.seq for event in both] == [5, 9]

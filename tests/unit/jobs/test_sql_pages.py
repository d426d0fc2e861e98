from datetime import timedelta
from typing import Any

import pytest
from tests.unit.jobs.conftest import NOON

from modelfoundry.jobs.model import Job
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.settings import Home

EVERYTHING: dict[str, Any] = {"state": None, "kind": None, "cursor": None, "limit": 9}


@pytest.fixture
def database_url(home: Home) -> str:
    """One kind of database is enough here."""
    return home.database_url


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ({"words": "CAT from"}, ["Cat from big"]),
        ({"words": "100%"}, []),
        ({"model": "small"}, ["Train small", "3 from small"]),
        ({"model": "small", "words": "train"}, ["Train small"]),
    ],
    ids=["words in any case", "no wildcards", "used or made", "both"],
)
def test_jobs_are_found_by_words_and_model(
    store: SqlJobStore, wanted: dict[str, Any], titles: list[str]
):
    store.add(Job.new("modularize", {"model": "small"}, title="3 from small", now=NOON))
    later = NOON + timedelta(minutes=1)
    store.add(Job.new("modularize", {"model": "big"}, title="Cat from big", now=later))
    latest = NOON + timedelta(minutes=2)
    store.add(Job.new("train", {"name": "small"}, title="Train small", now=latest))

    page = store.page(**EVERYTHING, **wanted)

    assert [job.title for job in page.items] == titles


def test_a_job_is_found_by_the_beginning_of_its_id(store: SqlJobStore, job: Job):
    store.add(job)

    assert store.page(**EVERYTHING, words=job.id[:5]).total == 1
    assert store.page(**EVERYTHING, words=job.id[1:]).total == 0

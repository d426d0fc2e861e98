"""Which modules are here; their files are in the bundle folders."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Engine, func, select, tuple_
from sqlalchemy.orm import Session

from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.cursors import read_cursor, write_cursor
from modelfoundry.jobs.database import for_writing
from modelfoundry.jobs.manifest import Manifest
from modelfoundry.jobs.tables import ModuleRow


@dataclass(frozen=True)
class Module:
    """A module on disk; ``size_bytes`` counts all its files."""

    id: str
    title: str
    job_id: str | None
    created_at: datetime
    size_bytes: int
    manifest: Manifest


@dataclass(frozen=True)
class ModulePage:
    """Some modules, newest first; ``next_cursor`` is None on the last page."""

    items: list[Module]
    next_cursor: str | None
    total: int


class ModuleStore:
    """The modules in the database."""

    def __init__(self, engine: Engine) -> None:
        self._readable = engine
        self._writable = for_writing(engine)

    def put(self, module: Module) -> None:
        """Keep a module; one with the same id is replaced."""
        with Session(self._writable) as session, session.begin():
            content = vars(module) | {"manifest": module.manifest.model_dump(mode="json")}
            session.merge(ModuleRow(**content))

    def get(self, module_id: str) -> Module:
        """Fetch a module; raises ``UnknownNameError``."""
        with Session(self._readable) as session:
            row = session.get(ModuleRow, module_id)
            if row is None:
                raise UnknownNameError("module", module_id, session.scalars(select(ModuleRow.id)))
            return _module_of_row(row)

    def page(self, *, cursor: str | None, limit: int) -> ModulePage:
        """List modules, newest first; raises ``InvalidInputError`` for a cursor it never gave."""
        rows = select(ModuleRow).order_by(ModuleRow.created_at.desc(), ModuleRow.id.desc())
        with Session(self._readable) as session:
            total = session.scalar(select(func.count()).select_from(ModuleRow)) or 0
            if cursor is not None:
                position = tuple_(ModuleRow.created_at, ModuleRow.id)
                rows = rows.where(position < read_cursor(cursor, "module"))
            found = [_module_of_row(row) for row in session.scalars(rows.limit(limit + 1))]
        next_cursor = write_cursor(found[limit - 1], "module") if len(found) > limit else None
        return ModulePage(found[:limit], next_cursor, total)

    def all(self) -> list[Module]:
        """List every module, newest first."""
        newest_first = select(ModuleRow).order_by(ModuleRow.created_at.desc())
        with Session(self._readable) as session:
            return [_module_of_row(row) for row in session.scalars(newest_first)]

    def version(self) -> tuple[int, datetime | None]:
        """Give a value that changes whenever a module is put or deleted."""
        with Session(self._readable) as session:
            count, newest = session.execute(
                select(func.count(), func.max(ModuleRow.created_at))
            ).one()
            return count, newest

    def forget_unreadable(self) -> list[str]:
        """Take modules off the list whose manifest another version has written; return their ids.

        Their bundles stay where they are.
        """
        with Session(self._writable) as session, session.begin():
            rows = [row for row in session.scalars(select(ModuleRow)) if not _is_readable(row)]
            for row in rows:
                session.delete(row)
            return [row.id for row in rows]

    def delete(self, module_id: str) -> None:
        """Forget a module; raises ``UnknownNameError``."""
        with Session(self._writable) as session, session.begin():
            row = session.get(ModuleRow, module_id)
            if row is None:
                raise UnknownNameError("module", module_id)
            session.delete(row)


def _is_readable(row: ModuleRow) -> bool:
    try:
        Manifest.model_validate(row.manifest)
    except ValidationError:
        return False
    return True


def _module_of_row(row: ModuleRow) -> Module:
    return Module(
        id=row.id,
        title=row.title,
        job_id=row.job_id,
        created_at=row.created_at,
        size_bytes=row.size_bytes,
        manifest=Manifest.model_validate(row.manifest),
    )

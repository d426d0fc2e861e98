"""Sweeps in the database, with their members."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from sqlalchemy import Engine, func, select, tuple_
from sqlalchemy.orm import Session

from modelfoundry.errors import UnknownNameError, WrongStateError, quoted
from modelfoundry.jobs.cursors import read_cursor, write_cursor
from modelfoundry.jobs.database import for_writing
from modelfoundry.jobs.model import Job, State
from modelfoundry.jobs.rows import job_of_row
from modelfoundry.jobs.sql_store import put_new
from modelfoundry.jobs.store import IdempotencyKey
from modelfoundry.jobs.sweeps import Sweep
from modelfoundry.jobs.tables import JobRow, SweepRow


@dataclass(frozen=True)
class SweepPage:
    """Some sweeps, newest first; ``next_cursor`` is None on the last page."""

    items: list[Sweep]
    next_cursor: str | None
    total: int


class SweepStore:
    """Keeps sweeps; their members are ordinary jobs of a job store on the same engine."""

    def __init__(self, engine: Engine) -> None:
        self._readable = engine
        self._writable = for_writing(engine)

    def add(
        self, sweep: Sweep, jobs: Sequence[Job], *, idempotency: IdempotencyKey | None = None
    ) -> Sweep:
        """Keep a new sweep and its jobs, all or none.

        Returns:
            The sweep, or the earlier one if the key and body were seen before.

        Raises:
            WrongStateError: The key was used for another body.
        """
        with Session(self._writable) as session, session.begin():
            if idempotency is not None:
                earlier = _submitted_under(session, idempotency)
                if earlier is not None:
                    return earlier
            session.add(
                SweepRow(
                    id=sweep.id,
                    title=sweep.title,
                    request=sweep.request,
                    created_at=sweep.created_at,
                    idempotency_key=idempotency and idempotency.key,
                    body_sha256=idempotency and idempotency.body_sha256,
                )
            )
            session.flush()
            put_new(session, [replace(job, sweep_id=sweep.id) for job in jobs])
        return self.get(sweep.id)

    def get(self, sweep_id: str) -> Sweep:
        """Fetch a sweep; raises ``UnknownNameError``."""
        with Session(self._readable) as session:
            row = session.get(SweepRow, sweep_id)
            if row is None:
                raise UnknownNameError("sweep", sweep_id)
            (sweep,) = _with_members(session, [row])
            return sweep

    def page(self, *, cursor: str | None, limit: int) -> SweepPage:
        """List sweeps, newest first; raises ``InvalidInputError`` for a cursor it never gave."""
        rows = select(SweepRow).order_by(SweepRow.created_at.desc(), SweepRow.id.desc())
        with Session(self._readable) as session:
            total = session.scalar(select(func.count()).select_from(SweepRow)) or 0
            if cursor is not None:
                position = tuple_(SweepRow.created_at, SweepRow.id)
                rows = rows.where(position < read_cursor(cursor, "sweep"))
            found = _with_members(session, session.scalars(rows.limit(limit + 1)).all())
        next_cursor = write_cursor(found[limit - 1], "sweep") if len(found) > limit else None
        return SweepPage(found[:limit], next_cursor, total)

    def jobs(self, sweep_id: str) -> list[Job]:
        """List the members of a sweep in the order in which they were asked for."""
        members = select(JobRow).where(JobRow.sweep_id == sweep_id).order_by(JobRow.created_at)
        with Session(self._readable) as session:
            return [job_of_row(row) for row in session.scalars(members)]


def _with_members(session: Session, rows: Iterable[SweepRow]) -> list[Sweep]:
    rows = list(rows)
    counted = (
        select(JobRow.sweep_id, JobRow.state, JobRow.resumes, func.count())
        .where(JobRow.sweep_id.in_([row.id for row in rows]))
        .group_by(JobRow.sweep_id, JobRow.state, JobRow.resumes)
    )
    members: dict[str | None, dict[State, int]] = defaultdict(lambda: defaultdict(int))
    for sweep_id, state, resumes, count in session.execute(counted):
        members[sweep_id]["queued" if resumes else cast("State", state)] += count
    return [
        Sweep(row.id, row.title, row.request, row.created_at, dict(members[row.id])) for row in rows
    ]


def _submitted_under(session: Session, idempotency: IdempotencyKey) -> Sweep | None:
    row = session.scalar(select(SweepRow).where(SweepRow.idempotency_key == idempotency.key))
    if row is None:
        return None
    if row.body_sha256 != idempotency.body_sha256:
        raise WrongStateError(
            f"the key {quoted(idempotency.key)} was used for another request (sweep {row.id}); "
            "use a new Idempotency-Key for a new request"
        )
    (sweep,) = _with_members(session, [row])
    return sweep

"""Jobs and their events in an SQL database."""

from collections.abc import Collection, Sequence

from sqlalchemy import Engine, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from modelfoundry.errors import UnknownNameError, WrongStateError, quoted
from modelfoundry.jobs.cursors import read_cursor, write_cursor
from modelfoundry.jobs.database import for_writing
from modelfoundry.jobs.model import Job, ProcessId, State, utc_now
from modelfoundry.jobs.rows import fill_row, job_of_row
from modelfoundry.jobs.sql_events import event_row, read_events, read_log, record
from modelfoundry.jobs.sql_pages import conditions
from modelfoundry.jobs.store import (
    Event,
    EventType,
    Head,
    IdempotencyKey,
    JobPage,
    LogFilter,
    LogPage,
    Move,
    NewEvent,
)
from modelfoundry.jobs.tables import AttemptRow, DeliveryRow, EventRow, JobRow, ModuleRow
from modelfoundry.pipelines.requests import JobKind


class SqlJobStore:
    """A :class:`modelfoundry.jobs.store.JobStore` on an engine of ``jobs.database``."""

    def __init__(self, engine: Engine) -> None:
        self._readable = engine
        self._writable = for_writing(engine)

    def add(self, job: Job, *, idempotency: IdempotencyKey | None = None) -> Job:
        """Keep a new job; return the earlier one if the key and body were seen before.

        Raises:
            WrongStateError: The key was used for another body.
        """
        with Session(self._writable) as session, session.begin():
            if idempotency is not None:
                earlier = _submitted_under(session, idempotency)
                if earlier is not None:
                    return earlier
            (row,) = put_new(session, [job])
            if idempotency is not None:
                row.idempotency_key = idempotency.key
                row.body_sha256 = idempotency.body_sha256
        return job

    def get(self, job_id: str) -> Job:
        """Fetch a job; raises ``UnknownNameError``."""
        with Session(self._readable) as session:
            row = session.get(JobRow, job_id)
            if row is None:
                raise UnknownNameError("job", job_id)
            return job_of_row(row)

    def page(
        self,
        *,
        state: State | None,
        kind: JobKind | None,
        cursor: str | None,
        limit: int,
        model: str | None = None,
        words: str = "",
    ) -> JobPage:
        """List jobs, newest first; raises ``InvalidInputError`` for a cursor it never gave.

        ``model`` is what a job works on or makes; ``words`` are part of its title or begin its id.
        """
        matching = select(JobRow).where(
            *conditions(state=state, kind=kind, model=model, words=words)
        )
        following = matching.order_by(JobRow.created_at.desc(), JobRow.id.desc())
        if cursor is not None:
            position = tuple_(JobRow.created_at, JobRow.id)
            following = following.where(position < read_cursor(cursor, "job"))
        with Session(self._readable) as session:
            total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
            rows = session.scalars(following.limit(limit + 1)).all()
            items = [job_of_row(row) for row in rows[:limit]]
        next_cursor = write_cursor(items[-1], "job") if len(rows) > limit else None
        return JobPage(items, next_cursor, total)

    def in_state(self, state: State) -> list[Job]:
        """List every job in a state, oldest first."""
        oldest_first = select(JobRow).where(JobRow.state == state).order_by(JobRow.queued_at)
        with Session(self._readable) as session:
            return [job_of_row(row) for row in session.scalars(oldest_first)]

    def move(self, job_id: str, *moves: Move) -> Job:
        """Apply moves in order, keep the result, and record an event for each new state.

        Raises:
            UnknownNameError: There is no such job.
            WrongStateError: A move is not allowed; then none of them took place.
        """
        with Session(self._writable) as session, session.begin():
            return _move(session, _locked(session, job_id), *moves)

    def claim(self, process: ProcessId, *, sweep_id: str | None = None) -> Job | None:
        """Start the job that has been queued longest, so that nobody else can.

        Members of sweeps come after jobs that somebody waits for alone.

        Args:
            process: Who works on the job.
            sweep_id: Take only members of this sweep.
        """
        waiting = select(JobRow).where(JobRow.state == "queued")
        if sweep_id is not None:
            waiting = waiting.where(JobRow.sweep_id == sweep_id)
        oldest = waiting.order_by(
            JobRow.sweep_id.is_not(None), JobRow.queued_at, JobRow.created_at
        ).limit(1)
        with Session(self._readable) as session:
            if session.scalar(oldest) is None:
                return None
        with Session(self._writable) as session, session.begin():
            row = session.scalar(oldest.with_for_update(skip_locked=True))
            if row is None:
                return None
            return _move(session, row, lambda job: job.start(process, now=utc_now()))

    def append(self, job_id: str, attempt: int, events: Sequence[NewEvent]) -> None:
        """Record events of an attempt; the last progress event becomes the job's progress.

        Raises:
            WrongStateError: Another attempt has begun, so this one must stop.
        """
        with Session(self._writable) as session, session.begin():
            row = _locked(session, job_id)
            if len(row.attempts) != attempt:
                raise WrongStateError(f"attempt {attempt} of job {job_id} is no longer the latest")
            record(session, row, attempt, events)
            progress = [event.data for event in events if event.type == "progress"]
            if progress:
                row.progress = progress[-1]

    def delete(self, job_id: str) -> None:
        """Forget a job that is over, with its events; its modules stay.

        Raises:
            UnknownNameError: There is no such job.
            WrongStateError: The job is not over.
        """
        with Session(self._writable) as session, session.begin():
            job_of_row(_locked(session, job_id)).require_over()
            made_by = update(ModuleRow).where(ModuleRow.job_id == job_id)
            session.execute(made_by.values(job_id=None))
            for table in (DeliveryRow, EventRow, AttemptRow):
                session.execute(delete(table).where(table.job_id == job_id))
            session.execute(delete(JobRow).where(JobRow.id == job_id))

    def heads(self, job_ids: Collection[str]) -> dict[str, Head]:
        """Tell how far some jobs have come; those that do not exist are left out."""
        wanted = select(JobRow.id, JobRow.last_seq, JobRow.state).where(JobRow.id.in_(job_ids))
        with Session(self._readable) as session:
            rows = session.execute(wanted)
            return {job_id: Head(seq, state) for job_id, seq, state in rows}  # type: ignore[arg-type]

    def events(
        self, job_id: str, *, after: int, limit: int, types: Collection[EventType] = ()
    ) -> list[Event]:
        """List events with a ``seq`` greater than ``after``, in order; of all types if empty."""
        with Session(self._readable) as session:
            return read_events(session, job_id, after=after, limit=limit, types=types)

    def log(
        self,
        job_id: str,
        wanted: LogFilter,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int,
    ) -> LogPage:
        """List the first lines after an event, or else the last ones before an event.

        Without either, the newest lines.
        """
        with Session(self._readable) as session:
            return read_log(session, job_id, wanted, after=after, before=before, limit=limit)


def put_new(session: Session, jobs: Sequence[Job]) -> list[JobRow]:
    """Add the rows of new jobs, each with its first event."""
    rows = [fill_row(JobRow(id=job.id, last_seq=1), job) for job in jobs]
    session.add_all(rows)
    session.flush()
    events = [event_row(job.id, 1, job.attempt_number, _state_event(job)) for job in jobs]
    session.execute(insert(EventRow), events)
    return rows


def _locked(session: Session, job_id: str) -> JobRow:
    row = session.get(JobRow, job_id, with_for_update=True)
    if row is None:
        raise UnknownNameError("job", job_id)
    return row


def _move(session: Session, row: JobRow, *moves: Move) -> Job:
    job = job_of_row(row)
    for move in moves:
        moved = move(job)
        if moved.state != job.state:
            record(session, row, moved.attempt_number, [_state_event(moved)])
        job = moved
    fill_row(row, job)
    return job


def _submitted_under(session: Session, idempotency: IdempotencyKey) -> Job | None:
    row = session.scalar(select(JobRow).where(JobRow.idempotency_key == idempotency.key))
    if row is None:
        return None
    if row.body_sha256 != idempotency.body_sha256:
        raise WrongStateError(
            f"the key {quoted(idempotency.key)} was used for another request (job {row.id}); "
            "use a new Idempotency-Key for a new request"
        )
    return job_of_row(row)


def _state_event(job: Job) -> NewEvent:
    return NewEvent("state", {"state": job.state, "error": job.error}, utc_now())

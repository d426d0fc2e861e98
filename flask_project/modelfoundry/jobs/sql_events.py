"""Read and write what happened to jobs, within a session of the caller's."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from modelfoundry.jobs.store import (
    Event,
    EventType,
    Level,
    LogFilter,
    LogLine,
    LogPage,
    NewEvent,
)
from modelfoundry.jobs.tables import EventRow, JobRow


def record(session: Session, row: JobRow, attempt: int, events: Sequence[NewEvent]) -> None:
    """Add events after a job's newest one; its row (changed in place) must be locked."""
    if events:
        first = row.last_seq + 1
        rows = [event_row(row.id, seq, attempt, event) for seq, event in enumerate(events, first)]
        session.execute(insert(EventRow), rows)
        row.last_seq += len(rows)


def event_row(job_id: str, seq: int, attempt: int, event: NewEvent) -> dict[str, Any]:
    """Write an event as the columns of its row."""
    return {
        "job_id": job_id,
        "seq": seq,
        "attempt": attempt,
        "level": event.data["level"] if event.type == "log" else None,
        **asdict(event),
    }


def read_events(
    session: Session, job_id: str, *, after: int, limit: int, types: Collection[EventType]
) -> list[Event]:
    """List events with a ``seq`` greater than ``after``, in order; of all types if empty."""
    following = (
        select(EventRow.seq, EventRow.type, EventRow.data, EventRow.time, EventRow.attempt)
        .where(EventRow.job_id == job_id, EventRow.seq > after)
        .order_by(EventRow.seq)
        .limit(limit)
    )
    if types:
        following = following.where(EventRow.type.in_(types))
    if types and "log" not in types:
        following = following.where(EventRow.level.is_(None))  # a long log is not even read
    return [
        Event(seq, cast("EventType", type_), data, time, attempt)
        for seq, type_, data, time, attempt in session.execute(following)
    ]


def read_log(
    session: Session,
    job_id: str,
    wanted: LogFilter,
    *,
    after: int | None,
    before: int | None,
    limit: int,
) -> LogPage:
    """List the first lines after an event, or else the last ones before an event."""
    lines = select(
        EventRow.seq, EventRow.time, EventRow.attempt, EventRow.level, EventRow.data
    ).where(*_conditions(job_id, wanted))
    if after is not None:
        lines = lines.where(EventRow.seq > after).order_by(EventRow.seq)
    else:
        lines = lines.order_by(EventRow.seq.desc())
    if before is not None:
        lines = lines.where(EventRow.seq < before)
    found = [
        LogLine(seq, time, attempt, cast("Level", level), str(data["message"]))
        for seq, time, attempt, level, data in session.execute(lines.limit(limit + 1))
    ]
    items = found[:limit] if after is not None else found[:limit][::-1]
    return LogPage(items, has_more=len(found) > limit)


def _conditions(job_id: str, wanted: LogFilter) -> Iterator[ColumnElement[bool]]:
    yield EventRow.job_id == job_id
    yield EventRow.level.is_not(None) if wanted.level is None else EventRow.level == wanted.level
    if wanted.attempt is not None:
        yield EventRow.attempt == wanted.attempt
    if wanted.words:
        message = EventRow.data["message"].as_string()
        yield message.icontains(wanted.words, autoescape=True)

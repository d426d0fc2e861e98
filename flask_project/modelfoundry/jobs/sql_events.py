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

SEARCHED_AT_ONCE = 100_000  # events that are read for words, a fraction of a second


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
    searched_at_once: int = SEARCHED_AT_ONCE,
) -> LogPage:
    """List the first lines after an event, or else the last ones before an event.

    So many events are read for words at most.
    """
    newest = session.scalar(select(JobRow.last_seq).where(JobRow.id == job_id)) or 0
    is_forward = after is not None
    begin = 1 if after is None else after + 1
    end = newest if before is None else min(newest, before - 1)
    if begin > end:
        return LogPage([], has_more=False, reached=end)
    part = searched_at_once if wanted.words else end
    first = begin if is_forward else max(begin, end - part + 1)
    last = min(end, begin + part - 1) if is_forward else end
    order = EventRow.seq if is_forward else EventRow.seq.desc()
    lines = (
        select(EventRow.seq, EventRow.time, EventRow.attempt, EventRow.level, EventRow.data)
        .where(*_conditions(job_id, wanted), EventRow.seq.between(first, last))
        .order_by(order)
        .limit(limit + 1)
    )
    found = [
        LogLine(seq, time, attempt, cast("Level", level), str(data["message"]))
        for seq, time, attempt, level, data in session.execute(lines)
    ]
    items = found[:limit] if is_forward else found[:limit][::-1]
    if len(found) > limit:
        return LogPage(items, has_more=True, reached=items[-1 if is_forward else 0].seq)
    if is_forward:
        return LogPage(items, has_more=last < end, reached=last)
    return LogPage(items, has_more=first > begin, reached=first)


def _conditions(job_id: str, wanted: LogFilter) -> Iterator[ColumnElement[bool]]:
    yield EventRow.job_id == job_id
    yield EventRow.level.is_not(None) if wanted.level is None else EventRow.level == wanted.level
    if wanted.attempt is not None:
        yield EventRow.attempt == wanted.attempt
    if wanted.words:
        message = EventRow.data["message"].as_string()
        yield message.icontains(wanted.words, autoescape=True)

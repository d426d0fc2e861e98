"""Which jobs a list is made of, and where a page of it ends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_

from modelfoundry.errors import InvalidInputError
from modelfoundry.jobs.model import Job, State
from modelfoundry.jobs.tables import JobRow
from modelfoundry.pipelines.requests import JobKind


def conditions(
    *, state: State | None, kind: JobKind | None, model: str | None, words: str
) -> Iterator[ColumnElement[bool]]:
    """List what a job must meet to be wanted."""
    if state is not None:
        yield JobRow.state == state
    if kind is not None:
        yield JobRow.kind == kind
    if model is not None:
        plan: Any = JobRow.plan
        yield or_(*(plan[name].as_string() == model for name in ("model", "name")))
    if words:
        in_title = JobRow.title.icontains(words, autoescape=True)
        yield or_(in_title, JobRow.id.startswith(words.lower(), autoescape=True))


def write_cursor(last: Job) -> str:
    """Say where a page ends; it stays true when the job is deleted."""
    return f"{last.created_at.isoformat()}~{last.id}"


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """Tell the time and the id of the job that a page ended with.

    Raises:
        InvalidInputError: It is no cursor.
    """
    created_at, _, job_id = cursor.partition("~")
    try:
        return datetime.fromisoformat(created_at).astimezone(UTC), job_id
    except (ValueError, OverflowError) as error:
        raise InvalidInputError.of("/cursor", f"no job list ends at {cursor!r}") from error

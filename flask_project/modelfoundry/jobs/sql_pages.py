"""Which jobs a list is made of."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, or_

from modelfoundry.jobs.model import State
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

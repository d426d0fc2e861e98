"""The log of a job: part of it, searched by the server, or all of it as text."""

from datetime import datetime

from apiflask import APIBlueprint, FileSchema
from flask import Response
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import Query, View
from modelfoundry.jobs.store import Level, LogFilter, LogLine

bp = APIBlueprint("job_log", __name__, url_prefix=API_PREFIX)


class LogQuery(Query):
    """Which lines are wanted."""

    attempt: int | None = Field(default=None, ge=1, le=2**31 - 1)
    level: Level | None = None
    q: str = Field(default="", max_length=200, description="Part of a line, in any case.")

    def filter(self) -> LogFilter:
        """Say the same to the service."""
        return LogFilter(attempt=self.attempt, level=self.level, words=self.q)


class LinesQuery(LogQuery):
    """Which part of the log is wanted: the newest lines unless ``after`` or ``before`` is given."""

    after: int | None = Field(default=None, ge=0, description="The first lines after this event.")
    before: int | None = Field(default=None, ge=0, description="The last lines before this event.")
    limit: int = Field(default=500, ge=1, le=2000)


class LogLineView(View):
    """One line; ``seq`` is its place among all events of the job."""

    seq: int
    time: datetime
    attempt: int
    level: Level
    message: str


class LogLines(View):
    """Neighbouring lines, oldest first.

    ``has_more`` tells whether there may be more beyond the end that one was going to, and
    ``reached`` from where to go on, as ``before`` or ``after``: a search for words looks at a part
    of a long log at once, and may find nothing in it. ``last_seq`` is the newest event of the job
    when they were read, from where a stream can go on.
    """

    items: list[LogLineView]
    has_more: bool
    reached: int
    last_seq: int


@bp.get("/jobs/<job_id>/lines")
@bp.input(LinesQuery, location="query")
@bp.output(LogLines)
@bp.doc(responses=[404])
def get_lines(job_id: str, query_data: LinesQuery) -> LogLines:
    """List neighbouring lines of a job's log; quick however long it is."""
    jobs = services().jobs
    jobs.get(job_id)
    head = jobs.heads([job_id])[job_id]
    page = jobs.log(
        job_id,
        query_data.filter(),
        after=query_data.after,
        before=query_data.before,
        limit=query_data.limit,
    )
    items = [LogLineView.model_validate(line) for line in page.items]
    return LogLines(
        items=items, has_more=page.has_more, reached=page.reached, last_seq=head.last_seq
    )


@bp.get("/jobs/<job_id>/log")
@bp.input(LogQuery, location="query")
@bp.output(
    FileSchema(type="string"), content_type="text/plain", description="One line of text for each."
)
@bp.doc(responses=[404])
def get_log(job_id: str, query_data: LogQuery) -> Response:
    """Download a job's log as text."""
    services().jobs.get(job_id)
    pages = services().jobs.whole_log(job_id, query_data.filter())
    headers = {"Content-Disposition": f'attachment; filename="job-{job_id}.log"'}
    text = ("".join(map(_written, lines)) for lines in pages)
    return Response(text, headers=headers, content_type="text/plain; charset=utf-8")


def _written(line: LogLine) -> str:
    time = line.time.isoformat(timespec="milliseconds")
    return f"{time} attempt {line.attempt} {line.level:<7} {line.message}\n"

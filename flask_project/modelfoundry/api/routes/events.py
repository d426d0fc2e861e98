"""What happened to a job, live or as a list."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.problems import problem
from modelfoundry.api.schemas import Query, View
from modelfoundry.jobs.model import AT_REST, State
from modelfoundry.jobs.store import Event, EventType
from modelfoundry.services.jobs import JobService

bp = APIBlueprint("events", __name__, url_prefix=API_PREFIX)

POLL_S = 0.2
PING_S = 15.0
MAX_STREAMS = 48  # each holds one of the server's 64 threads
RETRY_AFTER_S = 5
STREAM_BATCH = 500

streams = threading.BoundedSemaphore(MAX_STREAMS)


class EventsQuery(Query):
    """From where on events are wanted."""

    after: int = Field(default=0, ge=0, description="Leave out events up to this number.")
    limit: int = Field(default=500, ge=1, le=5000)


class EventView(View):
    """Something that happened; what ``data`` holds depends on ``type``."""

    seq: int
    time: datetime
    type: EventType
    attempt: int
    data: dict[str, Any]


class EventList(View):
    """Events in order; ``last_seq`` is where to go on."""

    items: list[EventView]
    last_seq: int
    state: State


@bp.get("/jobs/<job_id>/events")
@bp.input(EventsQuery, location="query")
@bp.output(EventList)
@bp.doc(
    description="With `Accept: text/event-stream` the events are streamed until the job is at "
    "rest; `Last-Event-ID` goes on after that event."
)
def get_events(job_id: str, query_data: EventsQuery) -> EventList | Response:
    """List a job's events, or follow them."""
    jobs = services().jobs
    job = jobs.get(job_id)
    if request.accept_mimetypes.best == "text/event-stream":
        after = request.headers.get("Last-Event-ID", type=int)
        return _stream(jobs, job_id, query_data.after if after is None else after)
    events = jobs.events(job_id, after=query_data.after, limit=query_data.limit)
    last_seq = events[-1].seq if events else query_data.after
    items = [EventView.model_validate(event) for event in events]
    return EventList(items=items, last_seq=last_seq, state=job.state)


def _stream(jobs: JobService, job_id: str, after: int) -> Response:
    if not streams.acquire(blocking=False):
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"{MAX_STREAMS} event streams are open already; close one, or poll with Accept: "
            "application/json",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )
    response = Response(_follow(jobs, job_id, after), content_type="text/event-stream")
    response.headers.update({"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
    response.call_on_close(streams.release)
    return response


def _follow(jobs: JobService, job_id: str, after: int) -> Iterator[str]:
    """Yield events as they come, until the last one of a job at rest."""
    quiet_since = time.monotonic()
    yield ": connected\n\n"
    while True:
        at_rest = jobs.get(job_id).state in AT_REST  # before reading, so that none is missed
        events = jobs.events(job_id, after=after, limit=STREAM_BATCH)
        for event in events:
            yield _message(event)
            after = event.seq
        if at_rest and len(events) < STREAM_BATCH:
            return
        now = time.monotonic()
        if events:
            quiet_since = now
        elif now - quiet_since >= PING_S:
            quiet_since = now
            yield ": ping\n\n"
        time.sleep(POLL_S)


def _message(event: Event) -> str:
    data = json.dumps(EventView.model_validate(event).model_dump(mode="json"))
    return f"id: {event.seq}\nevent: {event.type}\ndata: {data}\n\n"

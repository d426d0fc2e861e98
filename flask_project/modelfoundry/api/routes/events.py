"""What happened to a job, live or as a list."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from apiflask import APIBlueprint
from flask import Flask, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from pydantic import Field

from modelfoundry.api.access import caller
from modelfoundry.api.context import API_PREFIX, EXTENSION, services
from modelfoundry.api.feed import EventFeed
from modelfoundry.api.open_streams import OpenStreams
from modelfoundry.api.schemas import Query, Repeated, View
from modelfoundry.errors import GoneError, UnknownNameError
from modelfoundry.jobs.model import State
from modelfoundry.jobs.store import Event, EventType, Head

bp = APIBlueprint("events", __name__, url_prefix=API_PREFIX)

PING_S = 15.0
MAX_STREAM_S = 600.0
RECONNECT_AFTER_MS = 500
FEED = "modelfoundry-feed"
OPEN_STREAMS = "modelfoundry-open-streams"


class EventsQuery(Query):
    """From where on events are wanted, and which."""

    after: int = Field(default=0, ge=0, description="Leave out events up to this number.")
    limit: int = Field(default=500, ge=1, le=5000)
    types: Repeated[EventType] = Field(
        default=(), description="Only these; a stream has all of them. May be given several times."
    )


class EventView(View):
    """Something that happened; what ``data`` holds depends on ``type``."""

    seq: int
    time: datetime
    type: EventType
    attempt: int
    data: dict[str, Any]


class EventList(View):
    """Events in order.

    ``last_seq`` is where to go on: the last one listed, or, where no more of the wanted types
    follow, the job's newest one.
    """

    items: list[EventView]
    last_seq: int
    state: State


@bp.get("/jobs/<job_id>/events")
@bp.input(EventsQuery, location="query")
@bp.output(EventList)
@bp.doc(
    description="With `Accept: text/event-stream` the events are streamed until the job is at "
    "rest, for ten minutes at most; `Last-Event-ID` goes on after that event. A number that the "
    "job has not come to is answered with 410: begin again after 0.",
    responses=[404, 410, 429, 503],
)
def get_events(job_id: str, query_data: EventsQuery) -> EventList | Response:
    """List a job's events, or follow them."""
    is_stream = request.accept_mimetypes.best == "text/event-stream"
    after = request.headers.get("Last-Event-ID", type=int) if is_stream else None
    after = query_data.after if after is None else after
    head = _head(job_id, after)
    if is_stream:
        return _stream(job_id, after)
    limit = query_data.limit
    events = services().jobs.events(job_id, after=after, limit=limit, types=query_data.types)
    newest = events[-1].seq if events else after
    return EventList(
        items=[EventView.model_validate(event) for event in events],
        last_seq=newest if len(events) == limit else max(newest, head.last_seq),
        state=head.state,
    )


def _head(job_id: str, after: int) -> Head:
    """Tell how far a job has come.

    Raises:
        UnknownNameError: There is no such job.
        GoneError: It has not come to the event after which the caller wants to go on.
    """
    head = services().jobs.heads([job_id]).get(job_id)
    if head is None:
        raise UnknownNameError("job", job_id)
    if after > head.last_seq:
        raise GoneError(
            f"job {job_id} has no event {after}: its newest is {head.last_seq}, so the database "
            "was replaced by an older one; begin again with after=0"
        )
    return head


def _stream(job_id: str, after: int) -> Response:
    extensions = current_app.extensions
    token = caller()
    close = cast("OpenStreams", extensions[OPEN_STREAMS]).open(token.id if token else None)
    feed = cast("EventFeed", extensions[FEED])
    response = Response(_follow(feed, job_id, after), content_type="text/event-stream")
    response.headers.update({"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
    response.call_on_close(close)
    return response


def _follow(feed: EventFeed, job_id: str, after: int) -> Iterator[str]:
    """Yield a stream that ends now and then, so that none is held for ever by who is gone."""
    ends_at = time.monotonic() + MAX_STREAM_S
    yield f"retry: {RECONNECT_AFTER_MS}\n\n"
    for text in feed.follow(job_id, after=after, quiet_s=PING_S):
        yield text or ": ping\n\n"
        if time.monotonic() > ends_at:
            return


def _message(event: Event) -> str:
    data = json.dumps(EventView.model_validate(event).model_dump(mode="json"))
    return f"id: {event.seq}\nevent: {event.type}\ndata: {data}\n\n"


def _install(app: Flask) -> None:
    app.extensions[FEED] = EventFeed(app.extensions[EXTENSION].jobs, _message)
    app.extensions[OPEN_STREAMS] = OpenStreams()


@bp.record
def _set_up(state: BlueprintSetupState) -> None:
    _install(cast("Flask", state.app))

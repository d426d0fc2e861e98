"""Figures about the server, for Prometheus."""

from collections.abc import Iterator
from typing import cast, get_args

from apiflask import APIFlask
from flask import Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily

from modelfoundry.api.request_log import seconds_taken
from modelfoundry.jobs.model import State
from modelfoundry.services.jobs import JobService

EXTENSION = "modelfoundry-metrics"
NO_ROUTE = "none"


class JobsByState:
    """Counts the jobs in the database whenever the figures are asked for."""

    def __init__(self, jobs: JobService) -> None:
        self._jobs = jobs

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give one figure for each state."""
        family = GaugeMetricFamily("modelfoundry_jobs", "Jobs by state.", labels=["state"])
        for state in get_args(State):
            family.add_metric([state], self._jobs.page(state=state, limit=1).total)
        yield family


def install_metrics(app: APIFlask, jobs: JobService) -> None:
    """Have an app (changed in place) count and time its requests."""
    registry = CollectorRegistry()
    registry.register(JobsByState(jobs))
    answered = Counter(
        "modelfoundry_requests", "Requests.", ["method", "route", "status"], registry=registry
    )
    took = Histogram(
        "modelfoundry_request_seconds", "Time to the answer.", ["route"], registry=registry
    )
    streams = Gauge("modelfoundry_event_streams", "Open event streams.", registry=registry)

    def note(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else NO_ROUTE
        answered.labels(request.method, route, response.status_code).inc()
        took.labels(route).observe(seconds_taken())
        if response.mimetype == "text/event-stream":
            streams.inc()
            response.call_on_close(streams.dec)
        return response

    app.after_request(note)
    app.extensions[EXTENSION] = registry


def metrics() -> CollectorRegistry:
    """Return the figures of the running application."""
    return cast("CollectorRegistry", current_app.extensions[EXTENSION])

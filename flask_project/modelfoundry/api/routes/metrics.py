"""Figures about the server, where Prometheus looks for them."""

from apiflask import APIBlueprint
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from modelfoundry.api.metrics import metrics

bp = APIBlueprint("metrics", __name__, enable_openapi=False)


@bp.get("/metrics")
def get_metrics() -> Response:
    """Send all figures; where a login is needed, a token that may read."""
    return Response(generate_latest(metrics()), content_type=CONTENT_TYPE_LATEST)

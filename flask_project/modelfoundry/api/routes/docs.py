"""The API's documentation page; it loads nothing from elsewhere."""

from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, redirect, send_file
from werkzeug import Response as Redirect

from modelfoundry.api.context import API_PREFIX

bp = APIBlueprint("docs", __name__, enable_openapi=False)

FOLDER = Path(__file__).parents[1]


@bp.get(f"{API_PREFIX}/docs")
def get_docs() -> Response:
    """Send the page that draws the OpenAPI document."""
    return send_file(FOLDER / "docs.html", mimetype="text/html")


@bp.get(f"{API_PREFIX}/docs.js")
def get_docs_script() -> Response:
    """Send the page's script, apart from it so that no script inside a page need be allowed."""
    return send_file(FOLDER / "docs.js", mimetype="text/javascript")


@bp.get("/docs")
def get_docs_from_root() -> Redirect:
    """Lead to the page."""
    return redirect(f"{API_PREFIX}/docs")


@bp.get("/openapi.json")
def get_openapi_from_root() -> Redirect:
    """Lead to the OpenAPI document."""
    return redirect(f"{API_PREFIX}/openapi.json")

"""The built front end, served by the same process."""

from apiflask import APIBlueprint
from flask import Response, send_from_directory
from werkzeug.exceptions import NotFound

from modelfoundry.api.context import services

bp = APIBlueprint("frontend", __name__, enable_openapi=False)

INDEX = "index.html"
HASHED_FILES = "assets/"
ONE_YEAR_S = 365 * 24 * 3600
NOT_BUILT = (
    "The browser front end has not been built. Build it with `make run`, or with `npm ci` and "
    "`npm run build` in vue_project. The API is at /api/v1 and described at /api/v1/docs.\n"
)


@bp.get("/")
@bp.get("/<path:path>")
def get_page(path: str = INDEX) -> Response:
    """Send a file of the front end; any other path is one of its views."""
    if path.startswith("api/"):
        raise NotFound
    root = services().settings.web_root
    if not (root / INDEX).is_file():
        return Response(NOT_BUILT, content_type="text/plain; charset=utf-8")
    try:
        response = send_from_directory(root, path)
    except NotFound:
        if path.startswith(HASHED_FILES):
            raise
        response = send_from_directory(root, INDEX)
    if path.startswith(HASHED_FILES):
        response.cache_control.max_age = ONE_YEAR_S
        response.cache_control.immutable = True
    return response

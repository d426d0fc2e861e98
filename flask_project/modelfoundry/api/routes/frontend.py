"""The built front end, served by the same process."""

from mimetypes import guess_type
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, request, send_file, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from modelfoundry.api.context import services

bp = APIBlueprint("frontend", __name__, enable_openapi=False)

INDEX = "index.html"
HASHED_FILES = "assets/"
SUFFIX_BY_ENCODING = {"br": ".br", "gzip": ".gz"}  # smallest first
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
        response = _send(root, path)
    except NotFound:
        if path.startswith(HASHED_FILES):
            raise
        response = _send(root, INDEX)
    if path.startswith(HASHED_FILES):
        response.cache_control.max_age = ONE_YEAR_S
        response.cache_control.immutable = True
    return response


def _send(root: Path, path: str) -> Response:
    """Send a file, in the smallest form that the build has made of it and the browser takes."""
    response = _send_packed(root, path) or send_from_directory(root, path)
    response.vary.add("Accept-Encoding")
    return response


def _send_packed(root: Path, path: str) -> Response | None:
    kind, _ = guess_type(path)
    for encoding, suffix in SUFFIX_BY_ENCODING.items():
        packed = safe_join(str(root), f"{path}{suffix}")
        if packed and request.accept_encodings[encoding] > 0 and Path(packed).is_file():
            response = send_file(packed, mimetype=kind, download_name=Path(path).name)
            response.content_encoding = encoding
            return response
    return None

"""Every failure on the wire is ``application/problem+json`` (RFC 9457)."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from modelfoundry.api.problem_types import type_uri
from modelfoundry.api.request_log import request_id
from modelfoundry.api.schemas import View
from modelfoundry.errors import (
    ExportError,
    GoneError,
    InvalidInputError,
    ModelFoundryError,
    StorageError,
    TooLargeError,
    UnknownNameError,
    UnreadableFileError,
    WrongStateError,
)

STATUS_BY_ERROR: dict[type[ModelFoundryError], HTTPStatus] = {
    InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnreadableFileError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ExportError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownNameError: HTTPStatus.NOT_FOUND,
    WrongStateError: HTTPStatus.CONFLICT,
    GoneError: HTTPStatus.GONE,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    StorageError: HTTPStatus.INSUFFICIENT_STORAGE,
}

logger = logging.getLogger(__name__)


class FaultView(View):
    """One thing wrong with a request; ``pointer`` is a JSON pointer into it."""

    pointer: str
    message: str


class Problem(View):
    """What went wrong and what to do about it; the server's log has the same ``request_id``.

    ``type`` leads to the page that explains this kind of problem.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FaultView]


def install_problems(app: APIFlask) -> None:
    """Answer every failure of an app (changed in place) with a problem."""
    app.register_error_handler(ModelFoundryError, _of_our_error)
    app.register_error_handler(HTTPException, _of_http_error)
    app.register_error_handler(HTTPError, _of_api_error)
    app.register_error_handler(Exception, _of_surprise)


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    faults: tuple[FaultView, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build a problem response."""
    body = Problem(
        type=type_uri(status),
        title=status.phrase,
        status=status,
        detail=detail,
        instance=request.path,
        request_id=request_id(),
        errors=list(faults),
    )
    content = json.dumps(body.model_dump())
    return Response(content, status, headers, content_type="application/problem+json")


def _of_our_error(error: ModelFoundryError) -> Response:
    status = next(
        (code for kind, code in STATUS_BY_ERROR.items() if isinstance(error, kind)),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    faults = error.listed if isinstance(error, InvalidInputError) else ()
    views = tuple(FaultView(pointer=f.pointer, message=f.message) for f in faults)
    return problem(status, str(error), faults=views)


def _of_http_error(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    detail = str(error.description or status.description)
    if isinstance(error, RequestEntityTooLarge) and request.max_content_length:
        limit = request.max_content_length / 2**20
        detail = f"the body is larger than the limit of {limit:g} MB; send less at once"
    kept = {k: v for k, v in error.get_headers() if k.lower() not in ("content-type",)}
    return problem(status, detail, headers=kept)


def _of_api_error(error: HTTPError) -> Response:
    return problem(HTTPStatus(error.status_code), str(error.message))


def _of_surprise(error: Exception) -> Response:
    logger.error("unexpected error at %s", request.path, exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"{type(error).__name__} inside the server; its log has the details",
    )

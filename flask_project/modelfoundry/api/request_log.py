"""An id for every request, in its answer and in what is logged of it."""

import json
import logging
import re
import time
from datetime import UTC, datetime
from uuid import uuid4

from apiflask import APIFlask
from flask import Response, g, has_request_context, request

from modelfoundry.settings import LogStyle
from modelfoundry.terminal import LineFormatter

HEADER = "X-Request-Id"
GOOD_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
LOGGED_OF_A_REQUEST = ("method", "path", "status", "duration_ms", "caller", "address")

logger = logging.getLogger(__name__)


def install_request_log(app: APIFlask) -> None:
    """Give every request to an app (changed in place) an id, and log it once it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Tell the id of the current request: what the client or a proxy has sent, or a new one."""
    identifier: str = g.request_id
    return identifier


def seconds_taken() -> float:
    """Tell for how long the current request has been worked on."""
    began: float = g.began
    return time.perf_counter() - began


def start_logging(style: LogStyle) -> None:
    """Write what the web process logs to standard error; requests too, unless quiet."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    package = logging.getLogger("modelfoundry")
    package.addHandler(handler)
    package.setLevel(logging.WARNING if style == "quiet" else logging.INFO)


class TextFormatter(LineFormatter):
    """A line begins with the id of its request."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        return f"{_current_id()} {super().format(record)}".lstrip()


class JsonFormatter(logging.Formatter):
    """One line of JSON for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        facts = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": _current_id(),
        }
        facts |= {k: v for k, v in vars(record).items() if k in LOGGED_OF_A_REQUEST}
        if record.exc_info:
            facts["error"] = self.formatException(record.exc_info)
        return json.dumps(facts)


def _current_id() -> str:
    return request_id() if has_request_context() else ""


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if GOOD_ID.fullmatch(given) else uuid4().hex
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    token = g.get("caller")
    facts = {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "duration_ms": round(seconds_taken() * 1000, 1),
        "caller": token and token.name,
        "address": request.remote_addr,
    }
    message = "%(method)s %(path)s %(status)s in %(duration_ms)s ms"
    logger.info(message, facts, extra=facts)
    return response

"""The kinds of failure that the API answers with, and what to do about each."""

from http import HTTPStatus
from typing import NamedTuple

from modelfoundry.api.context import API_PREFIX


class ProblemType(NamedTuple):
    """One kind of failure.

    Attributes:
        name: Anchor of the documentation page.
        remedy: What whoever gets it can do.
    """

    name: str
    remedy: str

    @property
    def uri(self) -> str:
        """Where the documentation page explains it."""
        return f"{API_PREFIX}/docs#{self.name}"


PROBLEM_TYPES = {
    HTTPStatus.BAD_REQUEST: ProblemType(
        "malformed-request",
        "The body is not JSON, or not the form that was announced; `detail` says where. Mend it "
        "and send it again.",
    ),
    HTTPStatus.UNAUTHORIZED: ProblemType(
        "login-needed",
        "Send `Authorization: Bearer` with the secret of a token that has not expired; an "
        "administrator makes one with `modelfoundry tokens create NAME`.",
    ),
    HTTPStatus.FORBIDDEN: ProblemType(
        "not-allowed",
        "The token's scope is too small, or a page of another site asks; use a token of the scope "
        "that `detail` names, or ask from a program.",
    ),
    HTTPStatus.NOT_FOUND: ProblemType(
        "not-found",
        "There is nothing of that name; `detail` lists what there is, or the nearest names.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: ProblemType(
        "method-not-allowed", "The header `Allow` names the methods that this address takes."
    ),
    HTTPStatus.CONFLICT: ProblemType(
        "wrong-state",
        "The thing is in a state that forbids this, or an `Idempotency-Key` was used for another "
        "request. Look at its state; use a new key for a new request.",
    ),
    HTTPStatus.GONE: ProblemType(
        "gone", "The file was listed but is no longer on disk; have it made again."
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ProblemType(
        "too-large",
        "The body is over the limit that `detail` names; send less, or have an administrator "
        "raise `MODELFOUNDRY_UPLOAD_LIMIT_MB`.",
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ProblemType(
        "unsupported-media-type",
        "Send `Content-Type: application/json`, or `multipart/form-data` where a file is taken.",
    ),
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: ProblemType(
        "range-not-satisfiable",
        "The file ends before the range begins; `Content-Range` has its size.",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: ProblemType(
        "invalid-input",
        "`errors` lists everything that is wrong, each with a JSON pointer into the request. "
        "Correct it; nothing was begun.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: ProblemType(
        "too-many-requests",
        "Wait for the seconds that `Retry-After` gives. `RateLimit-Policy` says how many requests "
        "a minute are allowed (q), `RateLimit` how many are left (r) and for how long (t).",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: ProblemType(
        "internal-error",
        "A fault of the server. Its log has the details under `request_id`; please report them.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: ProblemType(
        "busy", "Too much is open at once; try again after the seconds of `Retry-After`."
    ),
    HTTPStatus.INSUFFICIENT_STORAGE: ProblemType(
        "storage-full",
        "The disk is full or cannot be written; nothing half-written was left. Free some space, "
        "for example on the settings page.",
    ),
}


def type_uri(status: HTTPStatus) -> str:
    """Tell where a failure is explained; where it is not, that the status says all."""
    known = PROBLEM_TYPES.get(status)
    return known.uri if known else "about:blank"

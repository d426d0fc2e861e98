"""What each operation is announced to answer when it refuses, so that nothing comes unannounced."""

from http import HTTPStatus
from typing import Any

from modelfoundry.api.access import OPEN_BLUEPRINTS
from modelfoundry.api.problem_types import PROBLEM_TYPES

Spec = dict[str, Any]

CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
OF_ALL = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.INSUFFICIENT_STORAGE)
OF_LIMITED = (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
OF_GUARDED = (HTTPStatus.UNAUTHORIZED,)
OF_NAMED = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)  # it may be damaged, or missing
OF_ASKED = (HTTPStatus.UNPROCESSABLE_ENTITY,)
OF_SENT = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)


def problem_responses() -> Spec:
    """Describe each kind of problem once, for operations to refer to."""
    return {
        kind.name: {"description": kind.remedy, "content": CONTENT}
        for kind in PROBLEM_TYPES.values()
    }


def announce_problems(operation: Spec, *, path: str) -> None:
    """List every problem an operation may answer with (changes ``operation``).

    What it says itself of a status stays; the rest follows from what it takes.

    Args:
        operation: Of an OpenAPI document.
        path: It is at, with its parameters in braces.
    """
    responses: Spec = operation["responses"]
    for code in [code for code in responses if code[0] in "45"]:
        responses[code] = {"description": responses[code]["description"], "content": CONTENT}
    for status in _expected(operation, path=path):
        kind = PROBLEM_TYPES[status]
        responses.setdefault(str(status.value), {"$ref": f"#/components/responses/{kind.name}"})
    operation["responses"] = {code: responses[code] for code in sorted(responses)}


def _expected(operation: Spec, *, path: str) -> list[HTTPStatus]:
    (tag,) = operation["tags"]
    group = tag.lower()
    takes_query = any(each["in"] == "query" for each in operation.get("parameters", ()))
    sends = "requestBody" in operation
    applies = {
        OF_ALL: True,
        OF_LIMITED: group != "health",
        OF_GUARDED: group not in OPEN_BLUEPRINTS,
        OF_NAMED: "{" in path,
        OF_ASKED: takes_query or sends,
        OF_SENT: sends,
    }
    return [status for statuses, does in applies.items() if does for status in statuses]

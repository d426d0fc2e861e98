"""Complete the OpenAPI document that APIFlask writes; run as a module, print it."""

import json
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from modelfoundry.api.announced import announce_problems, problem_responses
from modelfoundry.api.problem_types import PROBLEM_TYPES
from modelfoundry.api.problems import Problem
from modelfoundry.api.routes.predict import PictureForm
from modelfoundry.api.schemas import SchemaAdapter, View
from modelfoundry.api.submission import OutlookView
from modelfoundry.bootstrap import build_services
from modelfoundry.settings import Home, Settings

Spec = dict[str, Any]

CONVENTIONS = """\
Everything that the pages do, they do through this API.

- **Login**: `Authorization: Bearer` with a token's secret, where the server asks for one. Scopes: \
read, submit, admin.
- **Failures** are `application/problem+json`; `errors` lists every fault with a JSON pointer, and \
`type` leads to what to do.
- **Lists** come in pages: send `next_cursor` back as `cursor`; null is the end.
- **Work** is answered with 202 and the `Location` of a job. With an `Idempotency-Key` the same \
request, sent again, is the same job; another request under that key is refused with 409.
- **Files** have their sha256 as `ETag`; `If-None-Match`, `Range` and `If-Range` are obeyed.
- **Limits**: where a login is needed, `RateLimit-Policy` says how many requests a window of \
seconds allows (`q`, `w`), `RateLimit` how many are left and for how long (`r`, `t`). Beyond that \
the answer is 429 with `Retry-After`.
- Every answer has an `X-Request-Id`, the one sent or a new one, which the server's log has too.
"""
EXAMPLES = Path(__file__).with_name("examples.json")
IMAGE = {
    "schema": {"type": "string", "format": "binary"},
    "examples": {"photo": {"summary": "curl --data-binary @photo.png", "value": "(the file)"}},
}


def complete_spec(spec: Any) -> Spec:
    """Name schemas as they are referred to, and describe errors (changes ``spec``).

    APIFlask registers a schema used inside another as ``Outer.Inner``; references say ``Inner``.
    """
    spec["info"]["description"] = CONVENTIONS
    schemas = spec["components"]["schemas"]
    schemas.pop("HTTPError", None)  # the empty stand-in for the problem, which is written below
    views: list[type[View]] = [Problem, *OutlookView.__subclasses__()]
    for view in views:
        schema = SchemaAdapter(view).get_openapi_schema()
        schemas |= schema.pop("$defs", {}) | {view.__name__: schema}
    spec["components"]["schemas"] = {
        name.rpartition(".")[2]: schemas[name] for name in sorted(schemas)
    }
    spec["x-problem-types"] = [
        {"type": kind.uri, "status": status, "title": status.phrase, "remedy": kind.remedy}
        for status, kind in PROBLEM_TYPES.items()
    ]
    for name, example in json.loads(EXAMPLES.read_text()).items():
        spec["components"]["schemas"][name]["examples"] = [example]
    for tag in spec["tags"]:
        tag["description"] = _about(tag["name"])
    spec["components"]["responses"] = problem_responses()
    for path, operations in spec["paths"].items():
        for verb, operation in operations.items():
            _complete_operation(verb, operation)
            announce_problems(operation, path=path)
    return dict(spec)


def _complete_operation(verb: str, operation: Spec) -> None:
    """Name an operation like its handler, and tell of image files (changes ``operation``)."""
    (tag,) = operation["tags"]
    operation["operationId"] = operation["operationId"].removeprefix(f"{verb}_{tag.lower()}_")
    content = operation.get("requestBody", {}).get("content", {})
    form = content.get("multipart/form-data", {}).get("schema", {}).get("$ref", "")
    if form.endswith(f"/{PictureForm.__name__}"):
        content["image/*"] = IMAGE


def _about(tag: str) -> str:
    """Say what a group of operations is about: the first line of the file they are in."""
    described = import_module(f"modelfoundry.api.routes.{tag.lower()}").__doc__ or ""
    return described.partition("\n")[0]


def print_spec() -> None:
    """Write the document to standard output, without a server."""
    from modelfoundry.api.app import create_app  # noqa: PLC0415 - it imports this module

    with TemporaryDirectory() as folder:
        app = create_app(build_services(Settings(home=Home(Path(folder)))))
        json.dump(app.spec, sys.stdout, indent=2)
        sys.stdout.write("\n")


if __name__ == "__main__":
    print_spec()

"""Requests to every operation of the API, each with one value exchanged for a given one."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import quote

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Spec = dict[str, Any]

# What there is on the server, so that hostile values elsewhere get further.
THINGS = {"module_id": "toy-3-0a1b2c3d", "name": "toy"}
NOBODY = "nobody"


class Sent(NamedTuple):
    """A request: which operation, what was exchanged, and how it is sent."""

    operation: str
    place: str
    method: str
    path: str
    options: dict[str, Any]

    def send(self, client: FlaskClient) -> TestResponse:
        """Send it and read the answer to its end."""
        return client.open(self.path, method=self.method, buffered=True, **self.options)


def requests_with(spec: Spec, value: Any) -> Iterator[Sent]:
    """Put a value in every place of every operation, one at a time.

    Bodies start from their example, so that all else in them is right.
    """
    for path, operations in spec["paths"].items():
        for verb, operation in operations.items():
            name, method = operation["operationId"], verb.upper()
            for place, filled in _paths(path, operation, value):
                yield Sent(name, place, method, filled, _good_body(spec, operation))
            at = _filled(path, {})
            for parameter in _parameters(operation, "query"):
                options = _good_body(spec, operation) | {
                    "query_string": {parameter: str(value).encode(errors="replace")}
                }
                yield Sent(name, f"?{parameter}", method, at, options)
            for place, options in _bodies(spec, operation, value):
                yield Sent(name, place, method, at, options)


def _parameters(operation: Spec, where: str) -> list[str]:
    return [each["name"] for each in operation.get("parameters", ()) if each["in"] == where]


def _filled(path: str, values: dict[str, str]) -> str:
    for part in path.split("/"):
        if part.startswith("{"):
            name = part.strip("{}")
            path = path.replace(part, values.get(name, THINGS.get(name, NOBODY)))
    return path


def _paths(path: str, operation: Spec, value: Any) -> Iterator[tuple[str, str]]:
    for name in _parameters(operation, "path"):
        escaped = quote(str(value).encode(errors="surrogatepass"), safe="")
        yield f"{{{name}}}", _filled(path, {name: escaped})


def _example(spec: Spec, content: Spec) -> Any:
    name = content["schema"]["$ref"].rpartition("/")[2]
    return spec["components"]["schemas"][name]["examples"][0]


def _good_body(spec: Spec, operation: Spec) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        return {"json": _example(spec, content["application/json"])}
    if "multipart/form-data" in content:
        return {"data": _form(_example(spec, content["multipart/form-data"]))}
    return {}


def _form(fields: dict[str, str], file_name: str = "a.png") -> dict[str, Any]:
    files = {name: (BytesIO(b"nothing"), file_name) for name in ("file", "piece") if name in fields}
    return fields | files


def _bodies(spec: Spec, operation: Spec, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        for place, body in _exchanged(_example(spec, content["application/json"]), value, ""):
            yield place, {"json": body}
        yield "", {"json": value}
    if "multipart/form-data" in content:
        example = _example(spec, content["multipart/form-data"])
        text = str(value).encode(errors="replace").decode()
        for name in example:
            yield f"form {name}", {"data": _form(example | {name: text}, text)}


def _exchanged(node: Any, value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield a body with each of its values, and each of its names, exchanged in turn."""
    if isinstance(node, dict):
        for name, inside in node.items():
            for deeper, changed in _exchanged(inside, value, f"{place}/{name}"):
                yield deeper, node | {name: changed}
        if isinstance(value, str):
            yield f"{place}/<name>", node | {value: 1}
    elif isinstance(node, list):
        for index, inside in enumerate(node):
            for deeper, changed in _exchanged(inside, value, f"{place}/{index}"):
                yield deeper, [*node[:index], changed, *node[index + 1 :]]
    yield place, value

"""What every request and response schema has in common.

Importing this module makes APIFlask read and describe pydantic schemas our way: repeated query
parameters are lists, bodies must be declared as JSON, and faults carry JSON pointers.
"""

import json
from typing import Annotated, Any, TypeVar

from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from modelfoundry.errors import InvalidInputError, quoted
from modelfoundry.services.faults import faults_of

MAX_JSON_BYTES = 4 * 2**20  # files come in forms
UNFORMED = ("json", "query")
FORM_TYPES = ("multipart/form-data", "application/x-www-form-urlencoded")
NO_FORM = "send a form, with the header Content-Type: multipart/form-data"
TOO_DEEP = "the body is nested too deeply; no request needs that"

Value = TypeVar("Value")
Repeated = Annotated[
    tuple[Value, ...], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)
]
"""A query parameter that may be given several times."""


Numbers = Annotated[
    tuple[float, ...] | None,
    BeforeValidator(lambda given: [*filter(None, given.replace(",", " ").split())] or None),
    WithJsonSchema({"type": "string", "examples": ["0.485, 0.456, 0.406"]}),
]
"""A form field that holds numbers separated by commas or spaces."""


class View(BaseModel):
    """Base of all responses; every field is always sent."""

    model_config = ConfigDict(
        frozen=True, from_attributes=True, json_schema_serialization_defaults_required=True
    )


class Query(BaseModel):
    """Base of all query strings; unknown parameters are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageQuery(Query):
    """Which part of a list is wanted."""

    cursor: str | None = Field(default=None, description="From the page before.")
    limit: int = Field(default=24, ge=1, le=100)


class SchemaAdapter(PydanticAdapter):
    """How APIFlask reads and describes our schemas."""

    def validate_input(self, request: Request, location: str, **_options: object) -> BaseModel:
        """Read one part of a request; raises ``InvalidInputError`` with all faults."""
        model: type[BaseModel] = self.model_class
        try:
            return model.model_validate(_read(request, location))
        except ValidationError as error:
            tags = model.model_json_schema().get("discriminator", {}).get("mapping", ())
            if location not in UNFORMED and request.mimetype not in FORM_TYPES:
                raise UnsupportedMediaType(NO_FORM) from error
            shown = None if tags else model
            raise InvalidInputError(faults_of(error, model=shown, tags=tags)) from error

    def get_openapi_schema(self, **_options: object) -> dict[str, Any]:
        """Describe what is accepted; for a response, what is sent."""
        model: type[BaseModel] = self.model_class
        return model.model_json_schema(
            mode="serialization" if issubclass(model, View) else "validation",
            ref_template="#/components/schemas/{model}",
        )


def _read(request: Request, location: str) -> dict[str, Any]:
    match location:
        case "json":
            return _read_json(request)
        case "query":
            given: dict[str, list[Any]] = request.args.to_dict(flat=False)
        case _:
            given = {**request.form.to_dict(flat=False), **request.files.to_dict(flat=False)}
    return {name: values[0] if len(values) == 1 else values for name, values in given.items()}


def _read_json(request: Request) -> dict[str, Any]:
    if not request.is_json:
        raise UnsupportedMediaType("send JSON, with the header Content-Type: application/json")
    request.max_content_length = min(MAX_JSON_BYTES, request.max_content_length or MAX_JSON_BYTES)
    text = request.get_data()
    request.stream.read(1)  # a body of unannounced length has been cut at the limit; raises then
    try:
        body = json.loads(text)
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error
    except RecursionError as error:
        raise BadRequest(TOO_DEEP) from error
    if not isinstance(body, dict):
        raise InvalidInputError.of("", f"the body must be a JSON object, not {quoted(body)}")
    try:
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError as error:
        raise BadRequest(f"the body has text that is not Unicode: {error}") from error
    except ValueError as error:  # of a number
        raise BadRequest("the body has a number that is none in JSON, such as NaN") from error
    except RecursionError as error:
        raise BadRequest(TOO_DEEP) from error
    return body


registry.register("pydantic", SchemaAdapter)

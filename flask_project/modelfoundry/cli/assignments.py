"""Read settings as they are typed: ``NAME=VALUE``, or ``NAME=VALUE,...`` for several values."""

import json

from pydantic import JsonValue

from modelfoundry.errors import InvalidInputError


def read_assignment(text: str) -> tuple[str, JsonValue]:
    """Read one setting; raises ``InvalidInputError`` where there is no equals sign."""
    name, value = _split(text, "--set", "NAME=VALUE")
    return name, _value(value)


def read_axis(text: str) -> tuple[str, list[JsonValue]]:
    """Read the values to try of a setting; raises ``InvalidInputError`` as above."""
    name, values = _split(text, "--grid", "NAME=VALUE,...")
    return name, read_values(values)


def read_values(text: str) -> list[JsonValue]:
    """Read values with commas between them."""
    return [_value(each.strip()) for each in text.split(",")]


def _split(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InvalidInputError.of("/settings", f"{option} {text!r} is not of the form {form}")
    return name, value


def _value(text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return text
    return value

"""Facts as lines of names and values, nested ones below the name they belong to."""

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime

ABSENT = "-"


def lines_of(facts: Mapping[str, object], *, indent: str = "") -> Iterator[tuple[str, str]]:
    """Write facts out, a line for each; those made of facts are followed by theirs.

    Args:
        facts: Values by name; mappings, dataclasses and sequences of them are opened.
        indent: What every name begins with.
    """
    for name, value in facts.items():
        inner = _facts_in(value)
        if inner is None:
            yield indent + name, _written(value)
        else:
            yield indent + name, ""
            yield from lines_of(inner, indent=indent + "  ")


def _facts_in(value: object) -> Mapping[str, object] | None:
    if is_dataclass(value):
        return vars(value)
    if isinstance(value, Mapping):
        return value or None
    if isinstance(value, list | tuple) and any(_facts_in(each) is not None for each in value):
        return {str(number): each for number, each in enumerate(value, start=1)}
    return None


def _written(value: object) -> str:
    match value:
        case None | "" | [] | () | {}:
            return ABSENT
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case list() | tuple():
            return ", ".join(map(_written, value))
        case _:
            return str(value)

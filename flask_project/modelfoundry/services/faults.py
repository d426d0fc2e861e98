"""Turn what pydantic complains about into faults that point into the input."""

from collections.abc import Container, Iterable

from pydantic import ValidationError

from modelfoundry.errors import Fault

Place = tuple[str | int, ...]
NO_LIST = ("tuple_type", "list_type")


def faults_of(
    error: ValidationError,
    *,
    under: str = "",
    known: Iterable[str] = (),
    tags: Container[str | int] = (),
) -> list[Fault]:
    """List every complaint with its JSON pointer.

    Args:
        error: What pydantic raised.
        under: Pointer to the validated value within the whole input.
        known: Names that would have been accepted where an unknown one was given.
        tags: Of the members if the input is one of several kinds; pydantic begins a place with the
            member's tag, which is not part of the input.
    """
    faults = []
    complaints = error.errors(include_url=False, include_context=False)
    places = [complaint["loc"] for complaint in complaints]
    for complaint in complaints:
        place = complaint["loc"]
        if complaint["type"] == "too_short" and any(_is_inside(other, place) for other in places):
            continue  # what is wrong inside was left out before the rest was counted
        inside = place[1:] if place and place[0] in tags else place
        pointer = under + "".join(f"/{_escape(part)}" for part in inside)
        message = complaint["msg"]
        if complaint["type"] == "extra_forbidden":
            name = complaint["loc"][-1]
            message = f"there is no {name!r} here" + _listing(known)
        elif complaint["type"] in NO_LIST:
            message = f"{complaint['input']!r} is not a list; write one in brackets, as in [1, 2]"
        elif complaint["type"] != "missing":
            message = f"{message}; got {complaint['input']!r}"
        elif isinstance(place[-1], int):
            message = "one more is needed here"
        faults.append(Fault(pointer, message))
    return faults


def _is_inside(place: Place, outer: Place) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _listing(known: Iterable[str]) -> str:
    names = ", ".join(known)
    return f"; known: {names}" if names else ""


def _escape(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")

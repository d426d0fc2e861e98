"""Turn what pydantic complains about into faults: where in the input, and what is taken there."""

from collections.abc import Container, Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from modelfoundry.errors import Fault, json_pointer, quoted
from modelfoundry.pipelines.train_requests import MODEL_NAME
from modelfoundry.services.uploads import FILE_NAME, FILE_NAME_FORM
from modelfoundry.storage import NAME_FORM

Place = tuple[str | int, ...]

NO_TEXT = "{given} is not text; write it in quotes"
NO_WHOLE_NUMBER = "{given} is not a whole number"
NO_NUMBER = "{given} is not a number"
NO_BOOLEAN = "{given} is neither true nor false"
NO_LIST = "{given} is not a list; write one in brackets, as in [1, 2]"
NO_OBJECT = '{given} is not an object; write one in braces, as in {{"name": "value"}}'
NO_CHOICE = "{given} is not one of the choices; take {expected}"
NO_KIND = "{tag} is not one of the choices; take one of {expected_tags}"
NEEDED = "this is needed and was not given"

# What to say by the type of a complaint; the names are those of pydantic's facts about it.
SENTENCES = {
    "bool_parsing": NO_BOOLEAN,
    "bool_type": NO_BOOLEAN,
    "dict_type": NO_OBJECT,
    "enum": NO_CHOICE,
    "finite_number": NO_NUMBER,
    "float_parsing": NO_NUMBER,
    "float_type": NO_NUMBER,
    "greater_than": "{given} is too small; take more than {gt}",
    "greater_than_equal": "{given} is too small; take {ge} or more",
    "int_from_float": NO_WHOLE_NUMBER,
    "int_parsing": NO_WHOLE_NUMBER,
    "int_parsing_size": NO_WHOLE_NUMBER,
    "int_type": NO_WHOLE_NUMBER,
    "is_instance_of": "{given} is not a file; send one",
    "less_than": "{given} is too large; take less than {lt}",
    "less_than_equal": "{given} is too large; take {le} or less",
    "list_type": NO_LIST,
    "literal_error": NO_CHOICE,
    "missing": NEEDED,
    "model_attributes_type": NO_OBJECT,
    "model_type": NO_OBJECT,
    "string_pattern_mismatch": "{given} cannot be taken; {form}",
    "string_too_long": "{given} is too long; take at most {max_length} characters",
    "string_too_short": "{given} is too short; take {min_length} or more characters",
    "string_type": NO_TEXT,
    "too_long": "{actual_length} are too many; give at most {max_length}",
    "too_short": "{actual_length} are too few; give {min_length} or more",
    "tuple_type": NO_LIST,
    "union_tag_invalid": NO_KIND,
    "union_tag_not_found": NEEDED,
    "value_error": "{error}",
}
FORMS = {MODEL_NAME: NAME_FORM, FILE_NAME: FILE_NAME_FORM}
TAGGED = ("union_tag_invalid", "union_tag_not_found")


def faults_of(
    error: ValidationError,
    *,
    under: str = "",
    model: type[BaseModel] | None = None,
    tags: Container[str | int] = (),
) -> list[Fault]:
    """List every complaint with its JSON pointer.

    Args:
        error: What pydantic raised.
        under: Pointer to the validated value within the whole input.
        model: Of the validated value, which knows the names that may be given in it.
        tags: Of the members if the input is one of several kinds; pydantic begins a place with the
            member's tag, which is not part of the input.
    """
    faults = []
    complaints = error.errors(include_url=False)
    outer = {place[:n] for place in (each["loc"] for each in complaints) for n in range(len(place))}
    for complaint in complaints:
        place = complaint["loc"]
        if complaint["type"] == "too_short" and place in outer:
            continue  # what is wrong inside was left out before the rest was counted
        inside = place[1:] if place and place[0] in tags else place
        if complaint["type"] in TAGGED:
            inside = (*inside, complaint["ctx"]["discriminator"].strip("'"))
        known = _names_beside(inside, model) if model else ()
        faults.append(Fault(under + json_pointer(*inside), _message(complaint, known)))
    return faults


def _message(complaint: ErrorDetails, known: Iterable[str]) -> str:
    kind, place, given = complaint["type"], complaint["loc"], quoted(complaint["input"])
    if kind.startswith(("greater_", "less_")):
        given = given.strip("'")  # a number, though a form or an address sends text
    if kind == "extra_forbidden":
        return f"there is no {quoted(place[-1])} here{_listing(known)}"
    if kind == "missing" and isinstance(place[-1], int):
        return "one more is needed here"
    facts = {name: _plain(fact) for name, fact in complaint.get("ctx", {}).items()}
    form = FORMS.get(facts.get("pattern", ""), "write it in another form")
    facts |= {"given": given, "tag": quoted(facts.get("tag")), "form": form}
    return SENTENCES.get(kind, "{given} cannot be taken here").format_map(facts)


def _plain(fact: Any) -> Any:
    """Write whole numbers as people do: 1, not 1.0."""
    return int(fact) if isinstance(fact, float) and fact.is_integer() else fact


def _names_beside(place: Place, model: type[BaseModel]) -> Iterable[str]:
    """List what a value at a place of a model, or of one within it, could have been called."""
    for part in place[:-1]:
        if part in model.model_fields:
            within = next(_models_in(model.model_fields[str(part)].annotation), None)
            if within is None:
                return ()
            model = within
    return model.model_fields


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the models that a field may hold, however deep in lists and choices."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _listing(known: Iterable[str]) -> str:
    names = ", ".join(known)
    return f"; known: {names}" if names else ""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from modelfoundry.pipelines.train_requests import MODEL_NAME
from modelfoundry.services.faults import faults_of


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int = Field(default=1, ge=1, lt=8)


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    parts: list[Inner] = []
    words: tuple[Literal["a", "b"], ...] = Field(default=("a",), min_length=1, max_length=3)
    by_name: dict[str, int] = {}
    pair: tuple[str, str] = ("a", "b")
    share: float = Field(default=0.5, gt=0, le=1)
    name: str = Field(default="a", pattern=MODEL_NAME)
    note: str = Field(default="", max_length=5)
    is_on: bool = False


class Circle(BaseModel):
    shape: Literal["circle"]
    radius: float


class Square(BaseModel):
    shape: Literal["square"]
    side: float


class Shape(RootModel[Annotated[Circle | Square, Field(discriminator="shape")]]):
    pass


class Box(BaseModel):
    content: Inner


def complaints(content: object, model: type[BaseModel] = Outer, **options: Any) -> dict[str, str]:
    try:
        model.model_validate(content)
    except ValidationError as error:
        found = faults_of(error, under="/x", model=model, **options)
        return {fault.pointer: fault.message for fault in found}
    return {}


def test_each_fault_points_to_its_place_and_shows_the_value():
    assert complaints({"parts": [{"size": 1}, {"size": 0}]}) == {
        "/x/parts/1/size": "0 is too small; take 1 or more"
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("share", 0, "0 is too small; take more than 0"),
        ("share", 1.5, "1.5 is too large; take 1 or less"),
        ("share", "1.5", "1.5 is too large; take 1 or less"),
        ("share", "much", "'much' is not a number"),
        ("share", None, "null is not a number"),
        ("is_on", "maybe", "'maybe' is neither true nor false"),
        ("note", 3, "3 is not text; write it in quotes"),
        ("note", "longer", "'longer' is too long; take at most 5 characters"),
        ("words", [], "0 are too few; give 1 or more"),
        ("words", ["a"] * 4, "4 are too many; give at most 3"),
        ("parts", 3, "3 is not a list; write one in brackets, as in [1, 2]"),
        ("words", "a", "'a' is not a list; write one in brackets, as in [1, 2]"),
        (
            "by_name",
            [1],
            '[1] is not an object; write one in braces, as in {"name": "value"}',
        ),
        (
            "name",
            "A b",
            "'A b' cannot be taken; use up to 64 lower-case letters, digits, '.', '_' and '-', "
            "starting with a letter or digit",
        ),
        ("note", "x" * 2_000, f"'{'x' * 100}'... (2,000 characters) is too long; take at most 5 "
         "characters"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_answered_with_what_is_taken(field: str, value: object, message: str):
    assert complaints({field: value}) == {f"/x/{field}": message}


def test_a_word_that_is_no_choice_is_answered_with_the_choices():
    assert complaints({"words": ["c"]}) == {
        "/x/words/0": "'c' is not one of the choices; take 'a' or 'b'"
    }


def test_a_list_whose_items_are_wrong_is_not_called_too_short_as_well():
    assert list(complaints({"words": ["c"]})) == ["/x/words/0"]
    assert list(complaints({"words": []})) == ["/x/words"]


def test_an_unknown_name_is_answered_with_those_known_at_its_place():
    assert complaints({"parts": [{"sise": 1}]}) == {
        "/x/parts/0/sise": "there is no 'sise' here; known: size"
    }
    assert complaints({"part": 1})["/x/part"].startswith(
        "there is no 'part' here; known: parts, words, "
    )


def test_slashes_and_tildes_in_names_are_escaped():
    assert list(complaints({"by_name": {"a/b~c": "no"}})) == ["/x/by_name/a~1b~0c"]


def test_something_missing_has_no_value_to_show():
    assert complaints({}, Box) == {"/x/content": "this is needed and was not given"}


def test_half_a_pair_is_told_that_one_more_is_needed():
    assert complaints({"pair": ["a"]}) == {"/x/pair/1": "one more is needed here"}


@pytest.mark.parametrize(
    ("content", "pointer", "message"),
    [
        ({}, "/x/shape", "this is needed and was not given"),
        ({"shape": "star"}, "/x/shape", "'star' is not one of the choices; take one of 'circle', "
         "'square'"),
        ({"shape": "square"}, "/x/side", "this is needed and was not given"),
    ],
    ids=["no kind", "unknown kind", "incomplete"],
)  # fmt: skip
def test_of_several_kinds_the_one_that_was_meant_is_complained_of(
    content: object, pointer: str, message: str
):
    assert complaints(content, Shape, tags=("circle", "square")) == {pointer: message}

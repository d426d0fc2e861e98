from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from modelfoundry.services.faults import faults_of


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int = Field(default=1, ge=1)


class Outer(BaseModel):
    parts: list[Inner]
    words: tuple[Literal["a", "b"], ...] = Field(default=("a",), min_length=1)
    by_name: dict[str, int] = {}
    pair: tuple[str, str] = ("a", "b")


def complaints(content: object) -> dict[str, str]:
    try:
        Outer.model_validate(content)
    except ValidationError as error:
        return {f.pointer: f.message for f in faults_of(error, under="/x", known=["size"])}
    return {}


def test_each_fault_points_to_its_place_and_shows_the_value():
    assert complaints({"parts": [{"size": 1}, {"size": 0}]}) == {
        "/x/parts/1/size": "Input should be greater than or equal to 1; got 0"
    }


def test_a_list_whose_items_are_wrong_is_not_called_too_short_as_well():
    assert list(complaints({"parts": [], "words": ["c"]})) == ["/x/words/0"]
    assert list(complaints({"parts": [], "words": []})) == ["/x/words"]


def test_an_unknown_name_is_answered_with_the_known_ones():
    assert complaints({"parts": [{"sise": 1}]}) == {
        "/x/parts/0/sise": "there is no 'sise' here; known: size"
    }


def test_slashes_and_tildes_in_names_are_escaped():
    assert list(complaints({"parts": [], "by_name": {"a/b~c": "no"}})) == ["/x/by_name/a~1b~0c"]


def test_something_missing_has_no_value_to_show():
    assert complaints({}) == {"/x/parts": "Field required"}


def test_a_value_in_place_of_a_list_is_told_how_to_be_one():
    assert complaints({"parts": 3, "words": "a"}) == {
        "/x/parts": "3 is not a list; write one in brackets, as in [1, 2]",
        "/x/words": "'a' is not a list; write one in brackets, as in [1, 2]",
    }


def test_half_a_pair_is_told_that_one_more_is_needed():
    assert complaints({"parts": [], "pair": ["a"]}) == {"/x/pair/1": "one more is needed here"}

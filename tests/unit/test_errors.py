import pytest

from modelfoundry.errors import (
    Fault,
    InvalidInputError,
    UnknownNameError,
    json_pointer,
    quoted,
)

MANY = [f"model number {number}" for number in range(100)]


def test_a_few_known_names_are_all_listed():
    assert str(UnknownNameError("model", "b", ["a", "c"])) == "no model named 'b'; known: a, c"


def test_of_many_known_names_those_most_like_it_are_listed():
    message = str(UnknownNameError("model", "model numbr 57", MANY))

    assert message.startswith("no model named 'model numbr 57'; nearest of 100 known: ")
    assert "model number 57" in message


def test_of_many_known_names_of_which_none_is_like_it_the_first_are_listed():
    message = str(UnknownNameError("model", "xyz", MANY))

    assert "known: model number 0, model number 1, " in message
    assert "model number 29 and 70 more" in message


def test_where_not_all_are_named_the_command_that_lists_them_is():
    assert str(UnknownNameError("job", "a1")) == (
        "no job named 'a1'; all are listed by: modelfoundry jobs list"
    )
    assert str(UnknownNameError("model", "xyz", MANY)).endswith(
        "; all are listed by: modelfoundry models list"
    )


def test_where_nothing_is_known_nothing_is_offered():
    assert str(UnknownNameError("layer", "a1")) == "no layer named 'a1'"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("it's", '"it\'s"'),
        ("x" * 100, f"'{'x' * 100}'"),
        ("x" * 2_000_000, f"'{'x' * 100}'... (2,000,000 characters)"),
        (None, "null"),
        ({"a": [True, 1.5]}, '{"a": [true, 1.5]}'),
        ([1] * 1000, f"[{'1, ' * 33}... (3,000 characters)"),  # 1 + 99 of 3,000
    ],
    ids=["quote", "short", "long", "nothing", "nested", "long list"],
)
def test_a_value_is_shown_as_it_was_sent_and_of_much_only_the_beginning(value: object, shown: str):
    assert quoted(value) == shown


def test_an_unknown_name_of_any_length_is_answered_shortly():
    assert len(str(UnknownNameError("model", "x" * 2_000_000, MANY))) < 1_000


def test_names_are_escaped_where_they_are_pointed_at():
    assert json_pointer("groups", "a/b~c", 3) == "/groups/a~1b~0c/3"
    assert json_pointer("x" * 1_000) == f"/{'x' * 100}... (1,000 characters)"


def test_faults_are_told_with_their_places():
    error = InvalidInputError([Fault("/grid/a~1b/0", "too small"), Fault("", "nothing to do")])

    assert str(error) == "grid.a/b.0: too small; nothing to do"


def test_of_very_many_faults_the_first_are_listed_and_the_rest_counted():
    error = InvalidInputError(Fault(f"/ids/{at}", "no job") for at in range(5_000))

    assert len(error.faults) == 5_000
    assert len(error.listed) == 101
    assert str(error).endswith("ids.99: no job; 4,900 more values are wrong; mend these first")

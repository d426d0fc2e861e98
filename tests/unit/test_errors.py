from modelfoundry.errors import UnknownNameError

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
    assert message.endswith("model number 29 and 70 more")


def test_where_nothing_is_known_nothing_is_offered():
    assert str(UnknownNameError("job", "a1")) == "no job named 'a1'"

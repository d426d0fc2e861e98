from modelfoundry.pipelines.requests import shown_names


def test_a_title_names_up_to_six():
    assert shown_names("abcdef") == "a, b, c, d, e, f"


def test_of_more_the_title_names_five_and_counts_the_rest():
    assert shown_names("abcdefg", joint=" or ") == "a or b or c or d or e and 2 more"

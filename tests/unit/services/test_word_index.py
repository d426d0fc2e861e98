import pytest

from modelfoundry.services.word_index import WordIndex, words_of


@pytest.fixture
def index() -> WordIndex:
    return WordIndex(["cat", "Cattle truck", "wild_cat", "dog"])


def test_texts_are_split_into_lower_case_words_of_letters_and_digits():
    assert words_of("Maple_tree, No. 3") == ["maple", "tree", "no", "3"]


def test_a_word_is_found_in_every_row_that_holds_it(index: WordIndex):
    assert index.exact("cat").tolist() == [0, 2]


def test_part_of_a_word_is_not_the_word(index: WordIndex):
    assert index.exact("catt").tolist() == []


def test_a_prefix_finds_all_words_that_begin_with_it(index: WordIndex):
    assert sorted(index.prefix("cat").tolist()) == [0, 1, 2]


def test_a_prefix_beyond_all_words_finds_nothing(index: WordIndex):
    assert index.prefix("zebra").tolist() == []


def test_an_empty_index_finds_nothing():
    assert WordIndex([]).exact("cat").tolist() == []

import pytest

from modelfoundry.services.word_index import WordIndex, words_of


@pytest.fixture
def index() -> WordIndex:
    return WordIndex(["cat", "Cattle truck", "wild_cat", "dog"])


def test_texts_are_split_into_lower_case_words_of_letters_and_digits():
    assert words_of("Maple_tree, No. 3") == ["maple", "tree", "no", "3"]


def test_a_word_is_found_in_every_row_that_holds_it(index: WordIndex):
    assert index.whole("cat").tolist() == [0, 2]


def test_the_beginning_of_a_word_is_not_the_word(index: WordIndex):
    assert index.whole("catt").tolist() == []


def test_a_beginning_finds_all_words_that_begin_so(index: WordIndex):
    assert sorted(index.beginning("cat").tolist()) == [0, 1, 2]


def test_a_beginning_beyond_all_words_finds_nothing(index: WordIndex):
    assert index.beginning("zebra").tolist() == []


def test_an_empty_index_finds_nothing():
    assert WordIndex([]).whole("cat").tolist() == []


def test_a_part_is_found_anywhere_in_a_word(index: WordIndex):
    assert index.part("att").tolist() == [1]
    assert index.part("ca").tolist() == [0, 2, 1]  # of cat, then of cattle


def test_a_single_latin_letter_is_part_of_nothing_but_a_chinese_one_is():
    index = WordIndex(["cat", "家猫"])

    assert index.part("a").tolist() == []
    assert index.part("猫").tolist() == [1]


def test_words_are_counted_once_a_row(index: WordIndex):
    assert index.num_words.tolist() == [1, 2, 2, 1]
    assert WordIndex(["truck, truck"]).num_words.tolist() == [1]

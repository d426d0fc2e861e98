"""Pages of cards: where one ends and the next begins."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from modelfoundry.errors import InvalidInputError
from modelfoundry.services.card_index import CardIndex
from modelfoundry.services.cards import Card, CardPage, CardQuery, Sort

SORTS = get_args(Sort)


def card(name: str, accuracy: float | None = None, **facts: Any) -> Card:
    blank = Card(
        id=f"id-{name}",
        title=name,
        model="resnet20",
        model_title="ResNet20",
        dataset="cifar10",
        dataset_title="CIFAR-10",
        algorithm="seam",
        kind="binary",
        classes=(name,),
        accuracy=accuracy,
        retained_ratio=accuracy,
        latency_ms=accuracy,
        created_at=None if accuracy is None else datetime(2026, 1, 1, tzinfo=UTC),
        module_id=None if accuracy is None else f"id-{name}",
    )
    return replace(blank, **facts)


# Three share each measure, and two have none; "cat" is found whole, as a beginning and as a part.
CARDS = [
    card("cat", 0.5),
    card("cattle", 0.5),
    card("bobcat", 0.5),
    card("cat fish", 0.25),
    card("catbird"),
    card("wild cat"),
]


def page(cards: list[Card], cursor: str | None = None, **query: Any) -> CardPage:
    return CardIndex(cards).search(CardQuery(cursor=cursor, **query))


def ids(page: CardPage) -> list[str]:
    return [card.id for card in page.items]


def next_page(cards: list[Card], before: CardPage, **query: Any) -> CardPage:
    """The page behind another one, with the cards that are there by now."""
    assert before.next_cursor is not None
    return page(cards, before.next_cursor, **query)


@pytest.mark.parametrize("words", ["", "cat"])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_put_together_are_the_whole_list(sort: Sort, words: str):
    query: Any = {"sort": sort, "words": words}
    whole = page(CARDS, **query)

    first = page(CARDS, limit=2, **query)
    second = next_page(CARDS, first, limit=2, **query)
    third = next_page(CARDS, second, limit=2, **query)

    assert ids(first) + ids(second) + ids(third) == ids(whole)
    assert (len(whole.items), whole.next_cursor, third.next_cursor) == (6, None, None)


@pytest.mark.parametrize("sort", SORTS)
def test_cards_that_come_before_the_place_or_go_are_neither_repeated_nor_missed(sort: Sort):
    query: Any = {"sort": sort, "words": "cat"}
    rest = ids(page(CARDS, **query))[3:]
    first = page(CARDS, limit=3, **query)
    best = card("cat", 0.9, id="id-a", created_at=datetime(2026, 2, 1, tzinfo=UTC))
    best = replace(best, retained_ratio=0.1, latency_ms=0.1)
    last_shown = first.items[-1]

    later = [best, *(each for each in CARDS if each != last_shown)]

    assert ids(next_page(later, first, limit=3, **query)) == rest


def test_a_card_that_comes_behind_the_place_is_on_a_later_page():
    first = page(CARDS, limit=3, sort="name")  # bobcat, cat, cat fish

    second = next_page([*CARDS, card("cats")], first, sort="name")

    assert ids(second) == ["id-catbird", "id-cats", "id-cattle", "id-wild cat"]


def test_the_total_and_the_counts_are_of_all_pages():
    second = next_page(CARDS, page(CARDS, limit=2), limit=2)

    assert (second.total, second.facets["ready"]) == (6, {"true": 4, "false": 2})


def test_a_cursor_fits_an_address_however_long_a_title_is():
    cards = [card("é" * 5_000, id=name) for name in "abc"]

    first = page(cards, limit=2, sort="name")

    assert len(first.next_cursor or "") < 1_000
    assert ids(next_page(cards, first, sort="name")) == ["c"]


def written(*place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "24",
        "-1",
        "no cursor",
        "é",
        written(),
        written("name", "", 0),
        written("beauty", "", 0, "cat", "id"),
        written("name", "", float("nan"), "cat", "id"),
        written("name", "", "0", "cat", 7),
    ],
)
def test_what_is_no_cursor_is_refused_with_the_way_out(cursor: str):
    with pytest.raises(InvalidInputError, match=r"no page of cards ends at .*begin without"):
        page(CARDS, cursor, sort="name")


@pytest.mark.parametrize("query", [{"sort": "name"}, {"words": "fish"}, {}], ids=str)
def test_the_cursor_of_another_search_is_refused(query: Any):
    first = page(CARDS, words="cat", limit=2)

    with pytest.raises(InvalidInputError, match="ends a page of another search, sorted by relev"):
        next_page(CARDS, first, **query)


@pytest.mark.parametrize("score", [-1e300, 1e300])
def test_a_cursor_from_beyond_all_cards_gives_all_or_none(score: float):
    cursor = written("relevance", "", score, "cat", "id")

    assert len(page(CARDS, cursor).items) == (6 if score < 0 else 0)

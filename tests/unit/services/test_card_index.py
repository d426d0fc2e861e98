from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from modelfoundry.services.card_index import CardIndex
from modelfoundry.services.cards import Card, CardQuery


def card(class_name: str, **facts: Any) -> Card:
    blank = Card(
        id=class_name,
        title=class_name,
        model="resnet20",
        model_title="ResNet20",
        dataset="cifar100",
        dataset_title="CIFAR-100",
        algorithm="seam",
        kind="binary",
        classes=(class_name,),
    )
    return replace(blank, **facts)


def ready(class_name: str, *, accuracy: float, retained_ratio: float, day: int = 1) -> Card:
    return card(
        class_name,
        id=f"ready-{class_name}",
        module_id=f"ready-{class_name}",
        accuracy=accuracy,
        retained_ratio=retained_ratio,
        created_at=datetime(2026, 1, day, tzinfo=UTC),
    )


def found(cards: list[Card], query: CardQuery) -> list[str]:
    return [card.id for card in CardIndex(cards).search(query).items]


def test_a_class_of_that_name_comes_before_classes_that_begin_so():
    cards = [card("cattle"), card("caterpillar"), card("cat")]

    assert found(cards, CardQuery(words="cat")) == ["cat", "caterpillar", "cattle"]


def test_a_class_comes_before_a_model_of_that_name():
    cards = [card("dog", model_title="Cat finder"), card("cat")]

    assert found(cards, CardQuery(words="cat")) == ["cat", "dog"]


def test_a_digit_finds_the_class_of_that_name():
    assert found([card("3"), card("8")], CardQuery(words="3")) == ["3"]


def test_every_word_must_be_found_somewhere():
    cards = [card("cat"), card("cat", id="other", model="vgg16", model_title="VGG16")]

    assert found(cards, CardQuery(words="CAT vgg")) == ["other"]
    assert found(cards, CardQuery(words="cat zebra")) == []


def test_a_ready_card_comes_before_one_on_demand_for_the_same_class():
    cards = [card("cat"), ready("cat", accuracy=0.9, retained_ratio=0.1)]

    assert found(cards, CardQuery(words="cat")) == ["ready-cat", "cat"]


def test_several_values_of_a_facet_mean_any_and_several_facets_mean_all():
    cards = [
        card("cat", model="a"),
        card("dog", model="b"),
        card("fox", model="c"),
        card("elk", model="a", dataset="svhn"),
    ]

    chosen = {"model": ("a", "b"), "dataset": ("cifar100",)}
    assert found(cards, CardQuery(chosen=chosen)) == ["cat", "dog"]


def test_a_facet_counts_what_choosing_another_of_its_values_would_give():
    cards = [card("cat", model="a"), card("dog", model="b"), card("elk", model="b", dataset="svhn")]

    facets = CardIndex(cards).search(CardQuery(chosen={"model": ("a",)})).facets

    assert facets["model"] == {"a": 1, "b": 2}  # its own choice does not count
    assert facets["dataset"] == {"cifar100": 1}  # the choice of model does


def test_ready_is_a_facet():
    cards = [card("cat"), card("dog"), ready("fox", accuracy=0.9, retained_ratio=0.1)]

    page = CardIndex(cards).search(CardQuery(chosen={"ready": ("true",)}))

    assert [card.id for card in page.items] == ["ready-fox"]
    assert page.facets["ready"] == {"true": 1, "false": 2}


def test_a_value_that_does_not_exist_finds_nothing():
    assert found([card("cat")], CardQuery(chosen={"model": ("nope",)})) == []


def test_bounds_on_measures_leave_only_ready_cards_within_them():
    cards = [
        card("on demand"),
        ready("good", accuracy=0.9, retained_ratio=0.1),
        ready("poor", accuracy=0.5, retained_ratio=0.1),
        ready("large", accuracy=0.9, retained_ratio=0.8),
    ]

    query = CardQuery(min_accuracy=0.9, max_retained_ratio=0.1)
    assert found(cards, query) == ["ready-good"]


CARDS = [
    card("middle"),
    ready("zebra", accuracy=0.7, retained_ratio=0.1, day=1),
    ready("ant", accuracy=0.9, retained_ratio=0.3, day=2),
]


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("name", ["ready-ant", "middle", "ready-zebra"]),
        ("accuracy", ["ready-ant", "ready-zebra", "middle"]),
        ("retained_ratio", ["ready-zebra", "ready-ant", "middle"]),
        ("newest", ["ready-ant", "ready-zebra", "middle"]),
        ("relevance", ["ready-ant", "ready-zebra", "middle"]),
    ],
)
def test_cards_are_sorted_best_first_with_unmeasured_ones_last(sort: Any, ids: list[str]):
    assert found(CARDS, CardQuery(sort=sort)) == ids


def test_pages_follow_each_other_without_overlap():
    index = CardIndex([card(name) for name in "abcde"])

    first = index.search(CardQuery(limit=2))
    last = index.search(CardQuery(start=4, limit=2))

    assert ([c.id for c in first.items], first.next_start, first.total) == (["a", "b"], 2, 5)
    assert ([c.id for c in last.items], last.next_start) == (["e"], None)


def test_no_cards_at_all_is_an_empty_page():
    page = CardIndex([]).search(CardQuery(words="cat"))

    assert (page.items, page.total) == ([], 0)


def group(name: str, *classes: str) -> Card:
    return card(name, id=f"group-{name}", kind="multi-class", classes=classes, group=name)


def test_a_group_is_found_by_its_name_and_by_its_classes():
    cards = [group("insects", "bee", "beetle"), group("fish", "ray", "trout")]

    assert found(cards, CardQuery(words="insec")) == ["group-insects"]
    assert found(cards, CardQuery(words="trout")) == ["group-fish"]


def test_a_class_comes_before_the_groups_it_is_in_and_a_group_before_what_it_holds():
    cards = [group("dog", "beagle", "boxer"), card("beagle"), card("dog fish")]

    assert found(cards, CardQuery(words="beagle")) == ["beagle", "group-dog"]
    assert found(cards, CardQuery(words="dog")) == ["group-dog", "dog fish"]

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from modelfoundry.services.card_index import CardIndex
from modelfoundry.services.cards import Bounds, Card, CardQuery, Spread


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


def ready(
    class_name: str, *, accuracy: float, retained_ratio: float, day: int = 1, **facts: Any
) -> Card:
    return card(
        class_name,
        id=f"ready-{class_name}",
        module_id=f"ready-{class_name}",
        accuracy=accuracy,
        retained_ratio=retained_ratio,
        created_at=datetime(2026, 1, day, tzinfo=UTC),
        **facts,
    )


def found(cards: list[Card], query: CardQuery) -> list[str]:
    return [card.id for card in CardIndex(cards).search(query).items]


def test_a_class_of_that_name_comes_before_classes_that_begin_so():
    cards = [card("cattle"), card("caterpillar"), card("cat")]

    assert found(cards, CardQuery(words="cat")) == ["cat", "caterpillar", "cattle"]


def test_whole_words_come_before_beginnings_and_those_before_parts():
    cards = [card("bobcat"), card("cattle"), card("cat fish"), card("cat")]

    assert found(cards, CardQuery(words="cat")) == ["cat", "cat fish", "cattle", "bobcat"]


def test_a_whole_word_elsewhere_comes_before_the_beginning_of_a_class():
    cards = [card("cattle"), group("felines", "cat", "lion")]

    assert found(cards, CardQuery(words="cat")) == ["group-felines", "cattle"]


def test_a_class_comes_before_a_model_of_that_name():
    cards = [card("dog", model_title="Cat finder"), card("cat")]

    assert found(cards, CardQuery(words="cat")) == ["cat", "dog"]


def test_a_module_is_found_by_its_title_too():
    cards = [
        card("cat", id="mended", module_id="mended", title="VGG16, patched for cat"),
        card("cat"),
    ]

    assert found(cards, CardQuery(words="patched")) == ["mended"]


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


MEASURED = [
    card("on demand"),
    ready("good", accuracy=0.9, retained_ratio=0.1),
    ready("poor", accuracy=0.5, retained_ratio=0.1),
    ready("large", accuracy=0.9, retained_ratio=0.8),
]


def test_bounds_on_measures_leave_only_ready_cards_within_them():
    query = CardQuery(ranges={"accuracy": Bounds(low=0.9), "retained_ratio": Bounds(high=0.1)})

    assert found(MEASURED, query) == ["ready-good"]


def test_a_range_without_ends_leaves_everything():
    assert len(found(MEASURED, CardQuery(ranges={"accuracy": Bounds()}))) == 4


def test_a_measure_is_spread_under_all_choices_but_its_own_range():
    query = CardQuery(ranges={"accuracy": Bounds(high=0.6), "retained_ratio": Bounds(high=0.5)})

    ranges = CardIndex(MEASURED).search(query).ranges

    # Few weights are kept by "good" and "poor", and low accuracy is that of "poor" alone.
    assert ranges["accuracy"] == Spread(low=0.5, high=0.9, unmeasured=0)
    assert ranges["retained_ratio"] == Spread(low=0.1, high=0.1, unmeasured=0)


def test_cards_without_a_measure_are_counted_beside_its_spread():
    page = CardIndex(MEASURED).search(CardQuery())

    assert page.ranges["accuracy"] == Spread(low=0.5, high=0.9, unmeasured=1)
    assert page.ranges["latency_ms"] == Spread(low=None, high=None, unmeasured=4)


def test_a_card_counts_for_each_of_its_formats():
    cards = [card("a", formats=("int8", "onnx")), card("b", formats=("onnx",)), card("c")]

    page = CardIndex(cards).search(CardQuery(chosen={"format": ("int8", "pt2")}))

    assert [card.id for card in page.items] == ["a"]
    assert page.facets["format"] == {"int8": 1, "onnx": 2}


CARDS = [
    card("middle"),
    ready("zebra", accuracy=0.7, retained_ratio=0.1, day=1, latency_ms=2.0),
    ready("ant", accuracy=0.9, retained_ratio=0.3, day=2, latency_ms=3.0),
]


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("name", ["ready-ant", "middle", "ready-zebra"]),
        ("accuracy", ["ready-ant", "ready-zebra", "middle"]),
        ("retained_ratio", ["ready-zebra", "ready-ant", "middle"]),
        ("latency", ["ready-zebra", "ready-ant", "middle"]),
        ("newest", ["ready-ant", "ready-zebra", "middle"]),
        ("relevance", ["ready-ant", "ready-zebra", "middle"]),
    ],
)
def test_cards_are_sorted_best_first_with_unmeasured_ones_last(sort: Any, ids: list[str]):
    assert found(CARDS, CardQuery(sort=sort)) == ids


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

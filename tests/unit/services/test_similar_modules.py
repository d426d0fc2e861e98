from typing import Any

import pytest

from modelfoundry.services.cards import Card
from modelfoundry.services.similar_modules import SimilarModules, similar_modules


def module(name: str, *classes: str, **facts: Any) -> Card:
    described = {"model": "resnet20", "algorithm": "seam", "kind": "binary", "module_id": name}
    return Card(
        id=name,
        title=" and ".join(classes),
        model_title="",
        dataset="cifar10",
        dataset_title="CIFAR-10",
        classes=classes,
        **described | facts,
    )


CAT = module("this", "cat")
OTHERS = [
    module("sibling", "cat"),
    module("vgg", "cat", model="vgg16", accuracy=0.8),
    module("better", "cat", model="vgg16", accuracy=0.9),
    module("split", "cat", algorithm="gradsplitter", accuracy=0.7),
    module("on-demand", "cat", model="vgg16", module_id=None),
    module("both", "cat", "dog", kind="multi-class"),
    module("rest", "cat", kind="multi-class"),
    module("dog", "dog"),
    module("far", "dog", model="vgg16"),
]


@pytest.fixture
def similar() -> SimilarModules:
    return similar_modules(CAT, [CAT, *OTHERS], limit=3)


def test_modules_for_the_same_target_are_of_other_models_or_algorithms_the_best_first(
    similar: SimilarModules,
):
    assert [card.id for card in similar.same_target.items] == ["better", "vgg", "split"]


def test_modules_of_the_same_model_are_for_other_targets_those_that_share_the_most_first(
    similar: SimilarModules,
):
    # Shares in common: cat alone 1/1, cat and dog 1/2, dog 0/2.
    assert [card.id for card in similar.same_model.items] == ["rest", "both", "dog"]


def test_no_more_are_given_than_wanted_and_all_are_counted():
    similar = similar_modules(CAT, OTHERS, limit=1)

    assert ([card.id for card in similar.same_target.items], similar.same_target.total) == (
        ["better"],
        3,
    )

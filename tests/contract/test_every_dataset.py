"""What every data set must keep: those that are here, and those known by name."""

from pathlib import Path

import numpy as np
import pytest

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import list_datasets, load_dataset
from modelfoundry.data.images import ImageSet
from modelfoundry.data.store import content_sha256
from modelfoundry.settings import Home

NO_HOME = Home(Path("/nonexistent"))
KNOWN = list_datasets(NO_HOME)
HERE = [card for card in KNOWN if card.num_train]
AWAY = [card for card in KNOWN if not card.num_train]

every_part = pytest.mark.parametrize("part", ["train", "test"])
every_data_set_here = pytest.mark.parametrize("card", HERE, ids=lambda card: card.name)


def images_of(card: DatasetCard, part: str) -> ImageSet:
    images: ImageSet = getattr(load_dataset(NO_HOME, card.name), part).whole()
    return images


@every_part
@every_data_set_here
def test_images_are_uint8_of_the_shape_on_the_card(card: DatasetCard, part: str):
    images = images_of(card, part).images
    assert images.dtype == np.uint8
    assert images.shape[1:] == card.input_shape


@every_part
@every_data_set_here
def test_every_class_of_the_card_has_images_and_there_are_no_others(card: DatasetCard, part: str):
    labels = images_of(card, part).labels
    assert labels.dtype == np.int64
    assert np.unique(labels).tolist() == list(range(len(card.classes)))


@every_data_set_here
def test_card_has_the_counts_and_the_hash_of_the_arrays(card: DatasetCard):
    dataset = load_dataset(NO_HOME, card.name)
    assert (len(dataset.train), len(dataset.test)) == (card.num_train, card.num_test)
    assert np.bincount(dataset.train.labels).tolist() == list(card.num_train_by_class)
    assert content_sha256(dataset) == card.content_sha256


@pytest.mark.parametrize("card", AWAY, ids=lambda card: card.name)
def test_data_set_that_is_not_here_says_how_to_get_it(card: DatasetCard):
    assert card.how_to_get in (
        f"modelfoundry data get {card.name}",
        f"modelfoundry data import {card.name} FOLDER",
    )


@pytest.mark.parametrize("card", KNOWN, ids=lambda card: card.name)
def test_class_names_are_unique(card: DatasetCard):
    assert len(set(card.classes)) == len(card.classes)


@pytest.mark.parametrize("card", KNOWN, ids=lambda card: card.name)
def test_a_group_has_a_name_of_its_own_and_several_classes_but_not_all(card: DatasetCard):
    assert len({group.name for group in card.groups}) == len(card.groups) > 0
    assert [group.name for group in card.groups if len(set(group.classes)) < 2] == []
    assert [group.name for group in card.groups if not set(group.classes) < set(card.classes)] == []

from typing import Any

import numpy as np
import pytest

from modelfoundry.cards import BiasedSubset
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.data.biased import biased_subset
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.services.train import check_train
from modelfoundry.settings import Home


def train_request(**facts: Any) -> TrainRequest:
    blank = {"name": "mine", "architecture": "cnn-small", "dataset": "digits"}
    return TrainRequest.model_validate(blank | facts)


def test_training_can_be_asked_for(home: Home):
    assert check_train(home, train_request()).title == "Train mine"


def test_what_is_left_open_is_chosen_by_our_recipe(home: Home):
    plan = check_train(home, train_request(epochs=3)).plan

    assert (plan.epochs, plan.weight_decay) == (3, 5e-4)
    assert (plan.validation_fraction, plan.keep) == (0.1, "best")


def test_few_images_are_taken_in_small_batches_at_a_rate_in_proportion(home: Home):
    whole = check_train(home, train_request()).plan  # 1,438 images: 44 a step would give 32 steps
    subset = check_train(home, train_request(subset={"seed": 1})).plan  # 514 images: 16 a step
    given = check_train(home, train_request(batch_size=128)).plan

    assert (whole.batch_size, whole.learning_rate) == (32, 0.05)
    assert (subset.batch_size, subset.learning_rate) == (16, 0.025)
    assert (given.batch_size, given.learning_rate) == (128, 0.2)


def test_the_published_recipe_is_chosen_as_a_whole(home: Home):
    plan = check_train(home, train_request(published=True)).plan

    assert (plan.epochs, plan.batch_size, plan.learning_rate) == (200, 128, 0.01)
    assert (plan.weight_decay, plan.augment, plan.flip) == (1e-4, True, True)


def test_digits_are_not_mirrored_unless_that_is_asked_for(home: Home):
    assert not check_train(home, train_request()).plan.flip
    assert check_train(home, train_request(flip=True)).plan.flip


def test_a_subset_is_as_biased_as_suits_the_data_set_and_its_size_is_told(home: Home):
    checked = check_train(home, train_request(subset={"seed": 3}))

    assert checked.plan.subset == BiasedSubset(seed=3, concentration=1.0, min_size=10)
    assert checked.plan.validation_fraction == 0
    labels = np.repeat(np.arange(10), find_dataset(home, "digits").num_train_by_class)
    subset = biased_subset(labels, seed=3, concentration=1.0, min_size=10)
    assert checked.notes[0].startswith(f"{len(subset) * 4 // 5} images to train on")


def test_a_subset_that_cannot_be_drawn_is_refused_before_work_starts(home: Home):
    with pytest.raises(InvalidInputError, match="choose 139 or less") as refused:
        check_train(home, train_request(subset={"seed": 3, "min_size": 200}))
    assert [fault.pointer for fault in refused.value.faults] == ["/subset/min_size"]


def test_a_subset_leaves_no_other_validation_part_to_ask_for(home: Home):
    request = train_request(subset={"seed": 3}, validation_fraction=0.2)

    with pytest.raises(InvalidInputError, match="a fifth of it; leave this out"):
        check_train(home, request)


def test_all_faults_of_a_training_are_reported_at_once(home: Home):
    request = train_request(name="toy", architecture="resnet21", dataset="cifar10")

    with pytest.raises(InvalidInputError) as refused:
        check_train(home, request)

    faults = {fault.pointer: fault.message for fault in refused.value.faults}
    assert faults["/name"] == "a model named 'toy' is already here; choose another name"
    assert faults["/architecture"].startswith("no architecture named 'resnet21'; nearest of ")
    assert faults["/dataset"].endswith("get it with: modelfoundry data get cifar10")


def test_a_library_network_that_takes_the_images_can_be_trained(home: Home):
    request = train_request(architecture="torchvision/resnet18")

    assert check_train(home, request).plan.architecture == "torchvision/resnet18"


def test_a_network_for_other_images_is_refused_before_work_starts(home: Home):
    with pytest.raises(InvalidInputError, match=r"takes images of shape \(3, 224, 224\) only"):
        check_train(home, train_request(architecture="torchvision/vit_b_16"))
    with pytest.raises(InvalidInputError, match="takes images of 64x64 and more"):
        check_train(home, train_request(architecture="torchvision/alexnet"))


def test_a_data_set_whose_classes_were_never_counted_is_to_be_imported_again(home: Home):
    card = find_dataset(home, "digits").model_copy(
        update={"name": "old", "num_train_by_class": (), "loader": ""}
    )
    (home.datasets / "old").mkdir(parents=True)
    (home.datasets / "old" / "dataset.json").write_text(card.model_dump_json())

    with pytest.raises(InvalidInputError, match="modelfoundry data import old FILES") as refused:
        check_train(home, train_request(dataset="old", subset={"seed": 1}))

    assert [fault.pointer for fault in refused.value.faults] == ["/dataset"]

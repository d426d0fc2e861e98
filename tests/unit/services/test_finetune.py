from typing import Any

import numpy as np
import pytest

from modelfoundry.cards import DatasetCard
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.store import write_dataset
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.finetune_requests import FinetunePlan, FinetuneRequest
from modelfoundry.services.checks import CheckedPlan
from modelfoundry.services.finetune import check_finetune
from modelfoundry.services.finetunings import FinetuningsRequest, check_finetunings
from modelfoundry.settings import Home


def check(home: Home, **wanted: Any) -> CheckedPlan[Any]:
    blank = {"method": "finetune", "model": "toy", "dataset": "digits"}
    return check_finetune(home, FinetuneRequest.model_validate(blank | wanted))


def plan(home: Home, **wanted: Any) -> FinetunePlan:
    planned: FinetunePlan = check(home, **wanted).plan.root
    return planned


def faults(home: Home, **wanted: Any) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refused:
        check(home, **wanted)
    return {fault.pointer: fault.message for fault in refused.value.faults}


def add_dataset(home: Home, *classes: str, side: int = 8, images_per_class: int = 2) -> None:
    """Write a data set named mine; every second one of its images is a test image too."""
    labels = np.repeat(np.arange(len(classes)), images_per_class)
    images = np.zeros((len(labels), 3, side, side), dtype=np.uint8)
    card = DatasetCard(name="mine", title="Mine", classes=classes, input_shape=(3, side, side))
    test = ImageSet(images[::2], labels[::2])
    write_dataset(home, card, Dataset(train=ImageSet(images, labels), test=test))


def test_a_preset_decides_what_the_request_leaves_open(home: Home):
    planned = plan(home, preset="published", config={"prune_threshold": 0.3})

    assert (planned.how, planned.preset) == ("seam", "published")
    assert (planned.config.patience, planned.config.prune_threshold) == (30, 0.3)
    assert not planned.config.flip  # digits mean something else when mirrored


def test_everything_that_is_wrong_is_said_at_once(home: Home):
    found = faults(home, model="nope", config={"epochs": 3, "prune_threshold": 1})

    assert set(found) == {"/model", "/config/epochs", "/config/prune_threshold"}
    assert "there is no 'epochs' here; known: prune_threshold" in found["/config/epochs"]


def test_an_unknown_preset_is_refused_with_the_known_ones(home: Home):
    assert faults(home, preset="slow") == {
        "/preset": "there is no preset 'slow'; known: fast, published"
    }


def test_a_data_set_of_one_class_is_refused(home: Home):
    add_dataset(home, "cat")

    assert (
        "has one class, cat, so there is nothing to tell apart"
        in faults(home, dataset="mine")["/dataset"]
    )


def test_a_data_set_of_which_nothing_can_be_held_out_is_refused(home: Home):
    add_dataset(home, "cat", "dog", images_per_class=1)

    assert (
        "has no class with more than one training image" in faults(home, dataset="mine")["/dataset"]
    )


def test_a_data_set_that_is_not_here_says_how_to_get_it(home: Home):
    assert "modelfoundry data get cifar10" in faults(home, dataset="cifar10")["/dataset"]


def test_images_of_another_size_are_scaled_and_that_is_said(home: Home):
    add_dataset(home, "cat", "dog")

    notes = check(home, dataset="mine").notes

    assert notes[0] == "Images are scaled from 3 x 8 x 8 to the 3 x 32 x 32 that the model takes."


def test_an_attack_that_would_cut_clean_images_is_refused(home: Home):
    found = faults(home, attack={"clip": [-0.5, 0.5]})

    # Mean and deviation are one half: normalised images reach from -1 to 1.
    assert "would change clean images by up to 0.5" in found["/attack/clip"]


def several(home: Home, **wanted: Any) -> list[FinetunePlan]:
    request = FinetuningsRequest.model_validate({"model": "toy", "dataset": "digits"} | wanted)
    _, members = check_finetunings(home, request)
    return [member.plan.root for member in members]  # type: ignore[misc]


def test_only_the_search_for_weights_is_done_with_every_threshold(home: Home):
    plans = several(home, how=["seam", "standard"], thresholds=[0.3, 0.5], seeds=[0, 1])

    assert [(each.how, each.config.prune_threshold, each.seed) for each in plans] == [
        ("seam", 0.3, 0),
        ("seam", 0.3, 1),
        ("seam", 0.5, 0),
        ("seam", 0.5, 1),
        ("standard", 0.6, 0),
        ("standard", 0.6, 1),
    ]


def test_inherited_defects_are_measured_unless_that_is_not_wanted(home: Home):
    assert several(home)[0].attack is not None
    assert several(home, attack=None)[0].attack is None


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"thresholds": [0.3, 1.5]}, "/thresholds/1"),
        ({"thresholds": [0.3, 0.3]}, "/thresholds/1"),
        ({"thresholds": [0.3], "how": ["standard"]}, "/thresholds"),
        ({"seeds": [2, 2]}, "/seeds/1"),
        ({"how": ["seam"], "seeds": list(range(1001))}, ""),
        ({"dataset": "letters"}, "/dataset"),
    ],
    ids=["no share", "twice", "without seam", "seed twice", "too many", "unknown data"],
)
def test_faults_of_the_members_point_into_the_whole_request(
    home: Home, wanted: dict[str, Any], pointer: str
):
    with pytest.raises(InvalidInputError) as refused:
        several(home, **wanted)

    assert [fault.pointer for fault in refused.value.faults] == [pointer]

from typing import Any

import pytest
from tests.homes import add_model

from modelfoundry.cards import ClassGroup, DatasetCard, ModelCard
from modelfoundry.errors import Fault
from modelfoundry.pipelines.requests import RandomClasses, Target
from modelfoundry.services.targets import draw_classes, image_faults, resolve_classes
from modelfoundry.settings import Home

PETS = ("ant", "bee", "cat", "dog")
DATASET = DatasetCard(
    name="pets",
    title="Pets",
    classes=PETS,
    input_shape=(3, 8, 8),
    groups=(ClassGroup(name="insects", classes=("ant", "bee")),),
    num_train=131,
    num_train_by_class=(100, 20, 10, 1),
)


@pytest.fixture
def model(home: Home) -> ModelCard:
    return add_model(home, "pet-net", dataset="pets", classes=PETS, input_shape=(3, 8, 8))


def resolved(model: ModelCard, **target: Any) -> tuple[tuple[str, ...], dict[str, str]]:
    faults: list[Fault] = []
    classes = resolve_classes(faults, Target.model_validate(target), model, DATASET)
    return classes, {fault.pointer: fault.message for fault in faults}


def few(kind: str, *classes: str, fraction: float = 0.1, **target: Any) -> list[tuple[str, str]]:
    wanted = Target.model_validate({"classes": classes} | target)
    found = image_faults(wanted, classes, kind, DATASET, validation_fraction=fraction)  # type: ignore[arg-type]
    return [(fault.pointer, fault.message) for fault in found]


def test_classes_keep_the_order_they_are_named_in(model: ModelCard):
    assert resolved(model, classes=["dog", "ant"]) == (("dog", "ant"), {})


def test_a_group_means_its_classes(model: ModelCard):
    assert resolved(model, group="insects") == (("ant", "bee"), {})


def test_an_unknown_group_is_answered_with_the_known_ones_and_how_to_add_one(model: ModelCard):
    _, faults = resolved(model, group="birds")

    assert faults == {
        "/target/group": "no group of pets named 'birds'; known: insects; add groups with: "
        "modelfoundry data groups import pets FILE"
    }


def test_a_target_that_names_nothing_is_told_the_three_ways(model: ModelCard):
    _, faults = resolved(model, shots=3)

    assert faults == {"/target/classes": "name classes, a group, or a number of random classes"}


def test_several_ways_that_mean_the_same_classes_are_one(model: ModelCard):
    assert resolved(model, group="insects", classes=["bee", "ant"])[1] == {}


def test_several_ways_that_mean_different_classes_are_pointed_out(model: ModelCard):
    _, faults = resolved(model, group="insects", classes=["cat", "ant"])

    assert "classes: cat, ant; group: ant, bee" in faults["/target/classes"]


@pytest.mark.parametrize("count", [-1, 0, 4, 100])
def test_a_number_of_random_classes_out_of_range_is_refused_with_the_range(
    model: ModelCard, count: int
):
    _, faults = resolved(model, random={"count": count})

    assert list(faults) == ["/target/random/count"]
    assert f"{count} random classes are outside 1-3" in faults["/target/random/count"]


def test_random_classes_depend_on_the_seed_alone_and_more_of_them_hold_the_fewer():
    letters = tuple("abcdefghij")
    five, same, other, seven = (
        draw_classes(letters, RandomClasses(count=count, seed=seed))
        for count, seed in ((5, 0), (5, 0), (5, 1), (7, 0))
    )

    assert five == same != other
    assert set(five) < set(seven)
    assert list(five) == sorted(five)
    assert (len(five), len(seven)) == (5, 7)


def test_shots_are_limited_by_the_scarcest_class_less_its_validation_images():
    # A tenth of 100, 20 and 10 images is held out: 90, 18 and 9 are left.
    assert few("multi-class", "ant", "bee", shots=18) == []
    ((pointer, message),) = few("multi-class", "ant", "bee", shots=19)

    assert pointer == "/target/shots"
    assert message.startswith("19 shots are outside 1-18: pets has 20 training images of 'bee'")
    assert message.endswith("of which 2 are held out for validation")


def test_shots_of_a_binary_target_are_limited_by_the_other_classes_too():
    # 90 of the ant, but of all others only 18 + 9 + 1.
    assert few("binary", "ant", shots=28) == []
    assert few("binary", "ant", shots=29)[0][1].startswith("29 shots are outside 1-28")


@pytest.mark.parametrize("shots", [0, -3])
def test_fewer_shots_than_one_are_refused(shots: int):
    assert [pointer for pointer, _ in few("binary", "cat", shots=shots)] == ["/target/shots"]


def test_more_validation_images_leave_fewer_shots():
    assert few("binary", "bee", shots=10, fraction=0.5) == []
    assert len(few("binary", "bee", shots=11, fraction=0.5)) == 1


def test_a_class_of_one_image_leaves_none_to_validate_with():
    ((pointer, message),) = few("multi-class", "cat", "dog", shots=1)

    assert pointer == "/target/classes"
    assert message.startswith("pets has 1 training images of 'dog'; at least 2 are needed")

from typing import Any

import pytest
from tests.homes import add_model

from modelfoundry.cards import ClassGroup, DatasetCard, ModelCard
from modelfoundry.errors import Fault
from modelfoundry.pipelines.requests import Target
from modelfoundry.services.each_targets import resolve_each
from modelfoundry.settings import Home

PETS = ("ant", "bee", "cat", "dog")
DATASET = DatasetCard(
    name="pets",
    title="Pets",
    classes=PETS,
    input_shape=(3, 8, 8),
    groups=(
        ClassGroup(name="insects", classes=("ant", "bee")),
        ClassGroup(name="mammals", classes=("cat", "dog")),
        ClassGroup(name="small", classes=("ant", "cat")),
    ),
)


@pytest.fixture
def model(home: Home) -> ModelCard:
    return add_model(home, "pet-net", dataset="pets", classes=PETS, input_shape=(3, 8, 8))


def resolved(model: ModelCard, **target: Any) -> tuple[tuple[str, ...], dict[str, str]]:
    faults: list[Fault] = []
    classes = resolve_each(faults, Target.model_validate(target), model, DATASET)
    return classes, {fault.pointer: fault.message for fault in faults}


def test_without_names_every_class_of_the_model_gets_a_module(model: ModelCard):
    assert resolved(model) == (PETS, {})


def test_named_classes_get_a_module_each_in_their_order(model: ModelCard):
    assert resolved(model, classes=["dog", "ant"]) == (("dog", "ant"), {})


def test_named_groups_mean_all_their_classes(model: ModelCard):
    assert resolved(model, groups=["mammals", "insects"]) == (("cat", "dog", "ant", "bee"), {})


def test_classes_may_say_again_what_the_groups_mean(model: ModelCard):
    _, faults = resolved(model, groups=["mammals", "insects"], classes=PETS)

    assert faults == {}


@pytest.mark.parametrize(
    ("target", "pointer", "complaint"),
    [
        ({"classes": ["cat"]}, "/target/classes", "'cat' alone leaves nothing to tell it from"),
        ({"classes": ["cat", "cow"]}, "/target/classes/1", "no class of pet-net named 'cow'"),
        ({"groups": ["insects"]}, "/target/groups", "'insects' alone leaves nothing"),
        ({"groups": ["insects", "birds"]}, "/target/groups/1", "no group of pets named 'birds'"),
        (
            {"groups": ["mammals", "insects", "mammals"]},
            "/target/groups/2",
            "group 'mammals' is named more than once",
        ),
        (
            {"groups": ["insects", "small"]},
            "/target/groups/1",
            "ant would be in 'insects' and in 'small'",
        ),
        (
            {"groups": ["insects", "mammals"], "classes": ["cat"]},
            "/target/groups",
            "for each class or for each group",
        ),
        ({"group": "insects"}, "/target/group", "'insects' alone is one module"),
        ({"shots": 5}, "/target/shots", "learn from all training images"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("/") else "",
)
def test_what_cannot_be_meant_is_pointed_at(
    model: ModelCard, target: dict[str, Any], pointer: str, complaint: str
):
    _, faults = resolved(model, **target)

    assert list(faults) == [pointer]
    assert complaint in faults[pointer]


def test_all_faults_are_found_at_once(model: ModelCard):
    _, faults = resolved(model, classes=["cow", "cat", "cat"], shots=3)

    assert list(faults) == ["/target/shots", "/target/classes/0", "/target/classes/2"]

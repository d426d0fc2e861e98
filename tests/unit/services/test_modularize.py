from typing import Any

import pytest
from tests.homes import DIGITS, add_model

from modelfoundry.data.known import KNOWN
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.requests import ModularizePlan, ModularizeRequest
from modelfoundry.services.checks import CheckedPlan
from modelfoundry.services.modularize import check_modularize
from modelfoundry.settings import Home


def check(home: Home, **request: Any) -> CheckedPlan[ModularizePlan]:
    wanted = {"model": "toy", "target": {"classes": ["3"]}} | request
    return check_modularize(home, ModularizeRequest.model_validate(wanted))


def faults(home: Home, **request: Any) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refused:
        check(home, **request)
    return {fault.pointer: fault.message for fault in refused.value.faults}


def test_every_choice_that_was_left_open_is_made(home: Home):
    checked = check(home)

    assert checked.plan.target.kind == "binary"
    assert (checked.plan.dataset, checked.plan.preset) == ("digits", "fast")
    assert checked.plan.settings["batch_size"] == 4  # fast, for a data set this small
    assert checked.title == "3 from Toy network"


def test_a_preset_is_for_the_images_of_the_target(home: Home):
    all_images = check(home, target={"classes": DIGITS[:8]}).plan.settings
    few_shots = check(home, target={"classes": DIGITS[:8], "shots": 10}).plan.settings

    assert (all_images["batch_size"], few_shots["batch_size"]) == (16, 4)


def test_several_classes_are_a_multi_class_target(home: Home):
    assert check(home, target={"classes": ["3", "5"]}).plan.target.kind == "multi-class"


def test_single_settings_differ_from_the_preset(home: Home):
    plan = check(home, preset="published", settings={"epochs": 7}).plan

    assert (plan.settings["epochs"], plan.settings["schedule"]) == (7, "constant")


def test_an_algorithm_of_one_kind_decides_the_kind_and_takes_every_class(home: Home):
    checked = check(home, algorithm="gradsplitter", target={})

    assert (checked.plan.target.kind, checked.plan.target.classes) == ("each", DIGITS)
    assert checked.title == "each of 10 classes from Toy network"


def test_each_of_several_groups_is_named_after_them(home: Home):
    target = {"groups": ["even", "odd"]}

    assert check(home, algorithm="gradsplitter", target=target).title.startswith("each of 2 groups")


def test_an_algorithm_refuses_a_kind_that_it_does_not_solve(home: Home):
    of_seam = faults(home, target={"kind": "each"})
    of_gradsplitter = faults(
        home, algorithm="gradsplitter", target={"kind": "binary", "classes": ["3"]}
    )

    assert of_seam == {
        "/target/kind": "seam solves no target of the kind each; choose binary or multi-class, "
        "or another algorithm"
    }
    assert of_gradsplitter == {
        "/target/kind": "gradsplitter solves no target of the kind binary; choose each, or "
        "another algorithm"
    }


def test_several_groups_are_several_modules(home: Home):
    assert list(faults(home, target={"groups": ["even", "odd"]})) == ["/target/groups"]


def test_all_faults_of_a_target_for_each_class_are_found_with_those_of_the_settings(home: Home):
    wrong = {"classes": ["3", "cat"], "shots": 2}

    found = faults(home, algorithm="gradsplitter", target=wrong, settings={"cycles": 0})

    assert list(found) == ["/target/shots", "/target/classes/1", "/settings/cycles"]


@pytest.mark.parametrize(
    "request_",
    [
        {"settings": {"epochs": 7}},
        {"algorithm": "gradsplitter", "target": {}},
        {"algorithm": "gradsplitter", "target": {"groups": ["even", "odd"]}},
    ],
    ids=["one", "each-class", "each-group"],
)
def test_a_plan_made_into_a_request_gives_the_same_plan(home: Home, request_: dict[str, Any]):
    plan = check(home, **request_).plan

    again = plan.model_dump(exclude={"dataset"})
    assert check_modularize(home, ModularizeRequest.model_validate(again)).plan == plan


def test_an_unknown_model_is_answered_with_the_known_ones(home: Home):
    message = faults(home, model="resnet21")["/model"]

    assert message.startswith("no model named 'resnet21'; known: ")
    assert "toy" in message


def test_a_class_that_the_model_does_not_know_is_answered_with_those_it_knows(home: Home):
    assert faults(home, target={"classes": ["3", "cat"]}) == {
        "/target/classes/1": "no class of toy named 'cat'; known: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    }


def test_a_class_named_twice_is_pointed_out_once(home: Home):
    assert list(faults(home, target={"classes": ["3", "5", "3"]})) == ["/target/classes/2"]


def test_a_multi_class_target_needs_two_classes(home: Home):
    message = faults(home, target={"kind": "multi-class", "classes": ["3"]})["/target/classes"]

    assert "needs at least two classes" in message


def test_a_binary_target_has_one_class(home: Home):
    message = faults(home, target={"kind": "binary", "classes": ["3", "5"]})["/target/kind"]

    assert "one class against the rest, but 2 are named" in message


def test_a_target_of_all_classes_leaves_nothing_out(home: Home):
    message = faults(home, target={"classes": list(DIGITS)})["/target/classes"]

    assert "all 10 classes of toy" in message


def test_a_model_whose_classes_are_not_those_of_its_data_says_which(home: Home):
    add_model(home, "other", classes=("zero", *DIGITS[1:]))
    add_model(home, "more", classes=(*DIGITS, "ten"))

    renamed = faults(home, model="other", target={"classes": ["3"]})["/model"]
    longer = faults(home, model="more", target={"classes": ["3"]})["/model"]

    assert "number 0 is 'zero' to the model and '0' in the data set" in renamed
    assert longer.startswith("more knows 11 classes, digits has 10")


def test_a_model_whose_data_have_another_shape_says_which(home: Home):
    add_model(home, "large", input_shape=(3, 224, 224))

    message = faults(home, model="large", target={"classes": ["3"]})["/model"]

    assert "takes images of shape (3, 224, 224), digits has (3, 32, 32)" in message


def test_a_model_whose_data_are_not_here_says_how_to_get_them(home: Home):
    add_model(home, "cifar-net", dataset="cifar10", classes=KNOWN["cifar10"].classes)

    message = faults(home, model="cifar-net", target={"classes": ["cat"]})["/model"]

    assert message.endswith("get it with: modelfoundry data get cifar10")


def test_all_faults_are_reported_at_once_each_at_its_place(home: Home):
    found = faults(
        home,
        target={"classes": ["cat"]},
        preset="slow",
        settings={"epochs": 0, "lr_mask": 2, "colour": "red"},
    )

    assert set(found) == {
        "/target/classes/0",
        "/preset",
        "/settings/epochs",
        "/settings/lr_mask",
        "/settings/colour",
    }
    assert found["/preset"].startswith("no preset of seam named 'slow'; known: fast, ")
    assert found["/settings/epochs"] == "0 is too small; take 1 or more"
    assert found["/settings/colour"].startswith("there is no 'colour' here; known: ")


def test_an_unknown_algorithm_does_not_hide_faults_of_the_target(home: Home):
    found = faults(home, algorithm="magic", target={"classes": ["cat"]})

    assert set(found) == {"/algorithm", "/target/classes/0"}


def test_the_notes_tell_how_many_images_there_will_be(home: Home):
    # 1,438 training and 359 test images of ten classes; one class and as many others: 2/10
    assert "288 images" in check(home).notes[0]
    assert "72 to measure" in check(home).notes[0]


def test_a_group_is_planned_with_its_classes_and_called_by_its_name(home: Home):
    checked = check(home, target={"group": "even"})

    assert checked.plan.target.classes == ("0", "2", "4", "6", "8")
    assert (checked.plan.target.kind, checked.plan.target.group) == ("multi-class", "even")
    assert checked.title == "even from Toy network"


def test_a_plan_of_a_group_made_into_a_request_gives_the_same_plan(home: Home):
    plan = check(home, target={"group": "even", "shots": 5}).plan

    again = plan.model_dump(exclude={"dataset"})
    assert check_modularize(home, ModularizeRequest.model_validate(again)).plan == plan


def test_random_classes_are_told_before_the_work_begins(home: Home):
    checked = check(home, target={"random": {"count": 4, "seed": 3}})

    assert len(checked.plan.target.classes) == 4
    assert checked.notes[-1] == f"Drawn: {', '.join(checked.plan.target.classes)}."


def test_shots_are_planned_and_noted(home: Home):
    checked = check(home, target={"classes": ["3"], "shots": 20, "shots_seed": 7})

    assert (checked.plan.target.shots, checked.plan.target.shots_seed) == (20, 7)
    assert "learns from 20 images per output" in checked.notes[-1]


def test_faults_of_the_target_and_of_the_settings_are_reported_together(home: Home):
    found = faults(
        home,
        target={"group": "evn", "random": {"count": 10}, "shots": 5},
        preset="slow",
    )

    assert set(found) == {"/target/group", "/target/random/count", "/preset"}


def test_images_that_take_gigabytes_are_told_before_the_work_begins(home: Home):
    card = KNOWN["imagenet"].model_copy(
        update={"num_train": 1_300_000, "num_train_by_class": (1300,) * 1000, "num_test": 50_000}
    )
    folder = home.datasets / "imagenet"
    folder.mkdir(parents=True)
    (folder / "dataset.json").write_text(card.model_dump_json())
    facts = {"dataset": "imagenet", "classes": card.classes, "input_shape": card.input_shape}
    add_model(home, "large", **facts)

    cats = check(home, model="large", target={"group": "cat"}).notes
    dogs = check(home, model="large", target={"group": "dog"}).notes

    # 4 of 1,000 classes are 5,400 images of 3 x 224 x 224 bytes, 0.8 GB; 119 are 24.2 GB.
    assert len(cats) == 1
    assert dogs[-1] == "They take more than 24.2 GB while the job runs."

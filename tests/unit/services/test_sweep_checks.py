from typing import Any

import pytest
from pydantic import ValidationError
from tests.homes import DIGITS, add_model

from modelfoundry.data.digits import CARD
from modelfoundry.data.groups import save_groups
from modelfoundry.errors import InvalidInputError
from modelfoundry.services.faults import faults_of
from modelfoundry.services.sweep_checks import CheckedSweep, check_sweep
from modelfoundry.services.sweep_request import SweepRequest
from modelfoundry.settings import Home


def check(home: Home, **request: Any) -> CheckedSweep:
    wanted = {"models": ["toy"], "targets": [{"classes": ["3"]}]} | request
    return check_sweep(home, SweepRequest.model_validate(wanted))


def faults(home: Home, **request: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as refused:
        check(home, **request)
    return [(fault.pointer, fault.message) for fault in refused.value.faults]


def pointers(home: Home, **request: Any) -> list[str]:
    return [pointer for pointer, _ in faults(home, **request)]


def test_every_class_is_a_binary_target_of_its_own(home: Home):
    checked = check(home, targets="every class")

    targets = [member.plan.target for member in checked.members]
    assert [target.classes for target in targets] == [(digit,) for digit in DIGITS]
    assert {target.kind for target in targets} == {"binary"}
    assert checked.title == "Every class from Toy network: 10 jobs"


def test_every_module_gets_the_files_that_are_asked_for(home: Home):
    checked = check(home, targets=[{"classes": ["3"]}, {"classes": ["4"]}], exports=["int8"])

    assert [member.plan.exports for member in checked.members] == [("int8",), ("int8",)]


def test_every_combination_is_a_member_with_targets_changing_fastest(home: Home):
    checked = check(
        home,
        targets=[{"classes": ["3"]}, {"classes": ["4", "5"]}],
        settings={"epochs": 7},
        grid={"alpha": [1, 2]},
        seeds=[0, 5],
    )

    plans = [member.plan for member in checked.members]
    assert [(p.settings["alpha"], p.settings["seed"], p.target.classes) for p in plans] == [
        (1, 0, ("3",)),
        (1, 0, ("4", "5")),
        (1, 5, ("3",)),
        (1, 5, ("4", "5")),
        (2, 0, ("3",)),
        (2, 0, ("4", "5")),
        (2, 5, ("3",)),
        (2, 5, ("4", "5")),
    ]
    assert {plan.settings["epochs"] for plan in plans} == {7}
    assert checked.title == "2 targets from Toy network, 2 settings, 2 seeds: 8 jobs"


def test_all_faults_of_all_members_are_listed_once_where_they_stand_in_the_request(home: Home):
    found = pointers(
        home,
        targets=[{"classes": ["3"]}, {"classes": ["cat"]}],
        settings={"epochs": 0},
        grid={"alpha": [1, -1], "colour": ["red"]},
        seeds=[0, -7],
    )

    assert found == [
        "/settings/epochs",
        "/grid/colour/0",
        "/targets/1/classes/0",
        "/seeds/1",
        "/grid/alpha/1",
    ]


@pytest.mark.parametrize(
    ("targets", "pointer"),
    [
        ("each class", "/targets"),
        ([{"classes": 3}], "/targets/0/classes"),
        ([{"class": ["3"]}], "/targets/0/class"),
        ([], "/targets"),
        (None, "/targets"),
    ],
    ids=["word", "no list", "unknown name", "none", "nothing"],
)
def test_targets_are_complained_of_as_what_they_were_meant_to_be(targets: Any, pointer: str):
    with pytest.raises(ValidationError) as refused:
        SweepRequest.model_validate({"models": ["toy"], "targets": targets})

    assert [fault.pointer for fault in faults_of(refused.value)] == [pointer]


def test_an_unknown_model_is_pointed_at(home: Home):
    assert pointers(home, models=["toy", "nope"], targets="every class") == ["/models/1"]


def test_a_setting_given_in_two_places_is_refused(home: Home):
    found = pointers(home, settings={"alpha": 1}, grid={"alpha": [1, 2], "seed": [1]}, seeds=[3])

    assert found == ["/grid/seed", "/settings/alpha"]


def test_members_that_would_do_the_same_are_pointed_at(home: Home):
    same_target = faults(home, targets=[{"classes": ["3"]}, {"kind": "binary", "classes": ["3"]}])
    same_value = faults(home, grid={"alpha": [1, 1.0]})

    assert same_target == [("/targets/1", "this asks for the same as /targets/0; once is enough")]
    assert [pointer for pointer, _ in same_value] == ["/grid/alpha/1"]


def test_a_sweep_over_the_limit_says_how_many_jobs_it_would_be(home: Home):
    # 10 classes x 10 values x 11 seeds = 1,100
    alphas = [n / 10 for n in range(10)]
    ((pointer, message),) = faults(
        home, targets="every class", grid={"alpha": alphas}, seeds=list(range(11))
    )

    assert pointer == ""
    assert message.startswith("this would be 1,100 jobs; the limit is 1,000")


def test_every_class_of_two_models_is_asked_of_each(home: Home):
    add_model(home, "other")

    checked = check(home, models=["toy", "other"], targets="every class")

    assert [member.plan.model for member in checked.members] == ["toy"] * 10 + ["other"] * 10
    assert checked.title == "Every class from 2 models: 20 jobs"


def test_every_group_is_a_target_of_its_own(home: Home):
    save_groups(home, CARD, {"curved": ("0", "8"), "straight": ("1", "4", "7")})

    checked = check(home, targets="every group")

    classes = {m.plan.target.group: m.plan.target.classes for m in checked.members}
    assert list(classes) == [*(group.name for group in CARD.groups), "curved", "straight"]
    assert (classes["curved"], classes["straight"]) == (("0", "8"), ("1", "4", "7"))


def test_a_data_set_without_groups_is_pointed_at(home: Home):
    card = CARD.model_copy(update={"name": "plain", "groups": ()})
    (home.datasets / "plain").mkdir(parents=True)
    (home.datasets / "plain" / "dataset.json").write_text(card.model_dump_json())
    add_model(home, "other", dataset="plain")

    assert faults(home, models=["other"], targets="every group") == [
        ("/targets", "the data set plain has no groups; name the targets")
    ]


def test_a_fault_of_every_target_points_at_the_word_that_stands_for_them(home: Home):
    add_model(home, "single", classes=("3",))

    assert "/targets" in pointers(home, models=["single"], targets="every class")

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from tests.homes import DIGITS, add_model
from tests.pools import add_pool

from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.reuse_requests import (
    ComposePlan,
    ComposeRequest,
    MoreAccuratePlan,
    NewTaskPlan,
    PatchPlan,
)
from modelfoundry.services.reuse_checks import plan_composition
from modelfoundry.settings import Home

GREY = ["N", 1, 28, 28]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    add_model(home, "toy")
    return home


def plan(home: Home, method: str, **wanted: object) -> ComposePlan:
    request = TypeAdapter[ComposeRequest](ComposeRequest).validate_python(
        {"method": method, **wanted}
    )
    return plan_composition(home, request)


def faults(home: Home, method: str, **wanted: object) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as error:
        plan(home, method, **wanted)
    return {fault.pointer: fault.message for fault in error.value.faults}


def test_a_model_in_the_pool_stands_for_its_modules(home: Home):
    ids = add_pool(home)

    planned = plan(home, "more-accurate", pool={"models": ["toy"]})

    assert isinstance(planned, MoreAccuratePlan)
    assert sorted(planned.pool) == sorted(ids)
    assert planned.dataset == "digits"


def test_a_class_that_no_module_covers_is_named(home: Home):
    add_pool(home, classes=DIGITS[:8])

    found = faults(home, "more-accurate", pool={"models": ["toy"]})

    assert "no module of the pool answers for 8, 9 of digits" in found["/pool"]


def test_an_empty_pool_is_refused(home: Home):
    assert "the pool is empty" in faults(home, "more-accurate", pool={})["/pool"]


def test_a_model_without_modules_says_how_to_make_them(home: Home):
    add_model(home, "bare")

    found = faults(home, "more-accurate", pool={"models": ["bare"]})

    assert "modularize --model bare --algorithm gradsplitter" in found["/pool/models/0"]


def test_unknown_modules_and_models_are_named_at_once(home: Home):
    found = faults(home, "more-accurate", pool={"modules": ["a", "b"], "models": ["c"]})

    assert set(found) == {"/pool/modules/0", "/pool/modules/1", "/pool/models/0"}


def test_a_new_task_takes_only_the_modules_it_can_use(home: Home):
    add_pool(home)

    planned = plan(home, "new-task", outputs=["7@digits", "1@digits"], pool={"models": ["toy"]})

    assert isinstance(planned, NewTaskPlan)
    assert [output.class_name for output in planned.outputs] == ["7", "1"]
    assert len(planned.pool) == 2


@pytest.mark.parametrize(
    ("outputs", "pointer", "words"),
    [
        (["7@digits"], "/outputs", "at least two outputs"),
        (["7@digits", "1"], "/outputs/1", "write class@data set"),
        (["7@digits", "cat@digits"], "/outputs/1", "digits has no class 'cat'"),
        (["7@digits", "7@digits"], "/outputs/1", "there twice"),
        (["7@digits", "9@digits"], "/outputs/1", "no module of the pool answers for 9@digits"),
        (["7@digits", "1@letters"], "/outputs/1", "no data set named 'letters'"),
    ],
    ids=["one", "no data set", "unknown class", "twice", "uncovered", "unknown data set"],
)
def test_an_output_that_cannot_be_is_pointed_at(
    home: Home, outputs: list[str], pointer: str, words: str
):
    add_pool(home, classes=("7", "1"))

    found = faults(home, "new-task", outputs=outputs, pool={"models": ["toy"]})

    assert words in found[pointer]


def test_an_unknown_architecture_to_compare_with_is_pointed_at(home: Home):
    add_pool(home)

    found = faults(
        home,
        "new-task",
        outputs=["7@digits", "1@digits"],
        pool={"models": ["toy"]},
        scratch={"architecture": "resnet21"},
    )

    assert "no architecture named 'resnet21'" in found["/scratch/architecture"]


def test_pairs_need_two_data_sets_that_are_here(home: Home):
    add_pool(home)

    found = faults(home, "every-pair", datasets=["digits", "svhn"], pool={"models": ["toy"]})

    assert "svhn is not on this machine" in found["/datasets/1"]
    assert "no module of the pool is of svhn" in found["/pool"]


def test_a_weak_model_must_know_the_class(home: Home):
    add_pool(home)

    found = faults(home, "patch", model="toy", class_name="cat", pool={"models": ["toy"]})

    assert "toy does not know the class 'cat'" in found["/class_name"]


def test_a_patch_takes_only_modules_for_its_class(home: Home):
    add_pool(home)

    planned = plan(home, "patch", model="toy", class_name="7", pool={"models": ["toy"]})

    assert isinstance(planned, PatchPlan)
    assert planned.pool == ("toy-7-0a1b2c3d",)
    assert planned.dataset == "digits"


def test_a_patch_for_a_class_without_a_module_says_what_there_is(home: Home):
    add_pool(home, classes=("1", "2"))

    found = faults(home, "patch", model="toy", class_name="7", pool={"models": ["toy"]})

    assert "no module of the pool answers for '7', only for: 1, 2" in found["/pool"]


def test_modules_of_other_image_shapes_are_named(home: Home):
    add_pool(home)
    path = home.modules / "toy-7-0a1b2c3d" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"input": {"shape": GREY}}))

    found = faults(home, "patch", model="toy", class_name="7", pool={"models": ["toy"]})

    assert "takes images of shape (1, 28, 28), digits has (3, 32, 32)" in found["/pool"]


def test_modules_of_several_data_sets_are_named_with_the_way_out(home: Home):
    add_pool(home)
    path = home.modules / "toy-7-0a1b2c3d" / "manifest.json"
    path.write_text(path.read_text().replace('"name": "digits"', '"name": "svhn"'))

    found = faults(home, "more-accurate", pool={"models": ["toy"]})

    assert (
        "modules of 2 data sets: digits (toy-0-0a1b2c3d), svhn (toy-7-0a1b2c3d)" in found["/pool"]
    )
    assert "choose the method new-task" in found["/pool"]


def test_modules_without_their_models_have_nothing_to_be_compared_with(home: Home):
    add_pool(home, "gone")
    pool = {"modules": [f"gone-{digit}-0a1b2c3d" for digit in DIGITS]}

    assert "there is nothing to compare with" in faults(home, "more-accurate", pool=pool)["/pool"]

"""From plans to networks, on colours: good modules are always right, poor ones never."""

from typing import Any

import numpy as np
import pytest
from tests.unit.pipelines.reuse.colours import (
    COLOURS,
    PAINTS,
    POOR,
    add_colour_module,
    add_colours,
    add_untrained_model,
)

from modelfoundry.catalog.datasets import load_dataset
from modelfoundry.catalog.modules import find_module
from modelfoundry.data.selection_part import split_test
from modelfoundry.evaluation.onnx_logits import onnx_logits
from modelfoundry.export.manifest import FILE_BY_FORMAT, verify_bundle
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse.run import run
from modelfoundry.pipelines.reuse_requests import AnyReusePlan
from modelfoundry.progress import SilentReporter
from modelfoundry.settings import Home

pytestmark = pytest.mark.slow


def reuse(home: Home, **plan: Any) -> Outcome:
    folder = home.jobs / str(plan["method"])
    folder.mkdir(parents=True, exist_ok=True)
    checked = AnyReusePlan.model_validate(plan)
    return run(checked, home=home, job_folder=folder, reporter=SilentReporter())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    add_colours(home)
    add_colours(home, "paints", PAINTS)
    first = add_untrained_model(home, "first")
    second = add_untrained_model(home, "second")
    third = add_untrained_model(home, "third", "paints")
    add_colour_module(home, first, "red")
    add_colour_module(home, first, "green", quality=POOR)
    add_colour_module(home, first, "blue")
    add_colour_module(home, second, "green")
    add_colour_module(home, third, "navy")
    add_colour_module(home, third, "lime", quality=POOR)
    return home


POOL = ["first-red-good", "first-green-poor", "first-blue-good", "second-green-good"]
BEST = ["first-red-good", "second-green-good", "first-blue-good"]


@pytest.fixture(scope="module")
def more_accurate(home: Home) -> Outcome:
    return reuse(home, method="more-accurate", dataset="colours", pool=POOL, rule="best")


def test_the_best_module_of_each_class_is_chosen(more_accurate: Outcome):
    summary: Any = more_accurate.summary
    f1 = {row["module"]: row["f1"] for row in summary["pool"]}
    published = summary["options"][0]

    assert f1["second-green-good"] == 1
    assert f1["first-green-poor"] == 0
    assert published["modules"] == BEST
    assert published["accuracy_test"] == 1


def test_the_composition_stands_beside_the_best_of_the_models(home: Home, more_accurate: Outcome):
    summary: Any = more_accurate.summary
    measures = find_module(home, more_accurate.modules[0])["measures"]

    assert measures["module"]["accuracy_test"] == 1
    assert measures["original"]["accuracy_test"] == max(
        single["accuracy_test"] for single in summary["singles"]
    )


def test_the_bundle_is_one_file_that_answers_for_all_classes(home: Home, more_accurate: Outcome):
    (module_id,) = more_accurate.modules
    described = verify_bundle(home.modules / module_id)
    _, test = split_test(load_dataset(home, "colours"))

    path = home.modules / module_id / FILE_BY_FORMAT["onnx"]
    logits = onnx_logits(path, test, stage="", reporter=SilentReporter())

    assert described["target"]["outputs"] == list(COLOURS)
    assert logits.argmax(axis=1).tolist() == test.labels.tolist()


def test_the_manifest_lists_the_modules_it_is_made_of(home: Home, more_accurate: Outcome):
    described = find_module(home, more_accurate.modules[0])

    assert [parent["module"] for parent in described["parents"]] == BEST
    assert [parent["class"] for parent in described["parents"]] == list(COLOURS)
    sha256 = find_module(home, "first-red-good")["files"][0]["sha256"]
    assert described["parents"][0]["weights_sha256"] == sha256


@pytest.mark.usefixtures("more_accurate")
def test_scores_are_asked_for_once_and_read_back_by_a_later_attempt(home: Home):
    path = home.jobs / "more-accurate" / "margins" / "test" / "first-red-good.npy"
    np.save(path, np.full_like(np.load(path), 99))  # so that red answers for everything

    again = reuse(home, method="more-accurate", dataset="colours", pool=POOL, rule="published")

    options: Any = again.summary["options"]
    assert options[0]["accuracy_test"] == pytest.approx(1 / 3)


def test_a_new_task_joins_classes_of_two_data_sets_beside_a_network_from_scratch(home: Home):
    outputs = [
        {"class_name": "red", "dataset": "colours"},
        {"class_name": "navy", "dataset": "paints"},
    ]

    made = reuse(
        home,
        method="new-task",
        outputs=outputs,
        pool=["first-red-good", "third-navy-good"],
        rule="published",
        scratch={"epochs": 1},
    )

    described = find_module(home, made.modules[0])
    assert described["target"]["outputs"] == ["red@colours", "navy@paints"]
    assert described["measures"]["module"]["accuracy_test"] == 1
    assert described["dataset"]["name"] == "colours+paints"
    scratch: Any = made.summary["scratch"]
    assert scratch["architecture"] == "cnn-small"
    assert described["measures"]["original"]["accuracy_test"] == scratch["accuracy_test"]


def test_every_pair_is_measured_from_one_table(home: Home):
    made = reuse(
        home,
        method="every-pair",
        datasets=["colours", "paints"],
        pool=["first-red-good", "first-blue-good", "third-navy-good", "third-lime-poor"],
        scratch=None,
    )

    pairs: Any = made.summary["pairs"]
    accuracy = {(pair["a"], pair["b"]): pair["accuracy_test"] for pair in pairs}
    assert len(accuracy) == 4
    assert accuracy["red@colours", "navy@paints"] == 1
    # The poor module for lime looks for navy, as the one for blue does: always equal, so the first
    # of the two outputs answers, which is right for half of the images.
    assert accuracy["blue@colours", "lime@paints"] == 0.5
    assert made.modules == ()


def test_a_patched_model_knows_the_class_and_keeps_the_others(home: Home):
    made = reuse(
        home,
        method="patch",
        model="first",
        dataset="colours",
        class_name="green",
        pool=["first-green-poor", "second-green-good"],
    )

    before: Any = made.summary["before"]
    after: Any = made.summary["after"]
    assert made.summary["chosen"] == "second-green-good"
    assert before["f1"] < 1
    assert after["f1"] == 1
    assert find_module(home, made.modules[0])["target"]["outputs"] == list(COLOURS)

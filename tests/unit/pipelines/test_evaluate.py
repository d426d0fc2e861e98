"""From a plan to figures, for a module made here and for the model it was cut from."""

from pathlib import Path
from typing import Any

import pytest

from modelfoundry.catalog.models import find_model
from modelfoundry.catalog.modules import find_module
from modelfoundry.evaluation.results import Evaluation, list_evaluations
from modelfoundry.pipelines.evaluate import run as evaluate
from modelfoundry.pipelines.modularize import run as modularize
from modelfoundry.pipelines.requests import EvaluatePlan, ModularizePlan, PlannedTarget
from modelfoundry.progress import SilentReporter
from modelfoundry.settings import Home

pytestmark = pytest.mark.slow

SETTINGS: dict[str, Any] = {"epochs": 2, "batch_size": 64, "flip": False}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def module_id(home: Home) -> str:
    plan = ModularizePlan(
        model="cnn-digits",
        dataset="digits",
        target=PlannedTarget(kind="multi-class", classes=("7", "1", "4")),
        algorithm="seam",
        preset="fast",
        settings=SETTINGS,
    )
    folder = home.jobs / "made"
    folder.mkdir(parents=True)
    made = modularize(plan, home=home, job_folder=folder, reporter=SilentReporter())
    return made.modules[0]


@pytest.fixture(scope="module")
def of_module(home: Home, module_id: str) -> Evaluation:
    plan = EvaluatePlan(model=None, module=module_id, dataset="digits")
    evaluate(plan, home=home, job_folder=home.jobs / "made", reporter=SilentReporter())
    return list_evaluations(home, "module", module_id)[0]


def test_the_file_reaches_what_the_search_reported(home: Home, module_id: str, of_module):
    measures = find_module(home, module_id)["measures"]

    assert of_module.findings.scores.accuracy == pytest.approx(
        measures["module"]["accuracy_test"], abs=0.01
    )  # a logit at a tie may fall to either side in another engine
    assert of_module.original.scores.accuracy == measures["original"]["accuracy_test"]


def test_labels_stand_in_the_order_of_the_modules_outputs(of_module: Evaluation):
    assert of_module.labels == ("7", "1", "4")


def test_every_image_is_counted_once(of_module: Evaluation):
    scores = of_module.findings.scores
    bins = scores.calibration.bins

    assert sum(map(sum, scores.confusion)) == of_module.images
    assert sum(each.images for each in bins) == of_module.images


def test_only_the_original_answers_with_classes_that_were_not_asked_for(of_module: Evaluation):
    original = of_module.original
    assert original is not None

    assert of_module.findings.scores.other == (0, 0, 0)
    counted = sum(map(sum, original.scores.confusion)) + sum(original.scores.other)
    assert counted == of_module.images


def test_module_and_original_are_timed_beside_each_other(of_module: Evaluation):
    onnx_runtime = of_module.latency[0]

    assert onnx_runtime.engine.startswith("ONNX Runtime ")
    assert list(onnx_runtime.latency_ms) == ["1", "64"]
    assert list(onnx_runtime.original_latency_ms or {}) == ["1", "64"]


def test_a_file_computes_at_most_the_whole_model_and_the_modules_own_layer(of_module):
    cost = of_module.findings.cost

    # The model's 10 logits go to 3 outputs: 30 multiply-adds.
    assert cost.macs_masked <= cost.macs <= cost.macs_dense + 30


def test_a_model_reaches_what_its_card_says(home: Home, tmp_path: Path):
    plan = EvaluatePlan(model="cnn-digits", module=None, dataset="digits")

    outcome = evaluate(plan, home=home, job_folder=tmp_path, reporter=SilentReporter())

    found = list_evaluations(home, "model", "cnn-digits")[0]
    assert found.findings.scores.accuracy == find_model(home, "cnn-digits").test_accuracy
    assert outcome.summary["accuracy"] == found.findings.scores.accuracy
    assert found.original is None


def test_a_file_of_a_model_costs_what_its_layers_do(home: Home, tmp_path: Path):
    plan = EvaluatePlan(model="resnet20-digits", module=None, dataset="digits")

    evaluate(plan, home=home, job_folder=tmp_path, reporter=SilentReporter())

    cost = list_evaluations(home, "model", "resnet20-digits")[0].findings.cost
    assert cost.macs == cost.macs_dense


def test_a_module_whose_model_has_changed_stands_alone(home: Home, module_id: str, tmp_path: Path):
    path = home.modules / module_id / "manifest.json"
    sha256 = find_model(home, "cnn-digits").weights_sha256
    path.write_text(path.read_text().replace(sha256, "0" * 64))
    plan = EvaluatePlan(model=None, module=module_id, dataset="digits")

    outcome = evaluate(plan, home=home, job_folder=tmp_path, reporter=SilentReporter())

    assert outcome.summary["original_accuracy"] is None

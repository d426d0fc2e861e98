"""A module with an int8 file, asked for when it is made."""

from pathlib import Path
from typing import Any

import pytest

from modelfoundry.catalog.modules import find_module
from modelfoundry.errors import UnknownNameError
from modelfoundry.export.manifest import verify_bundle
from modelfoundry.pipelines.modularize import run as modularize
from modelfoundry.pipelines.quantize import quantize_module
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.progress import SilentReporter
from modelfoundry.settings import Home

SETTINGS: dict[str, Any] = {"epochs": 2, "batch_size": 64, "flip": False}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("home"))
    job_folder = home.jobs / "job"
    job_folder.mkdir(parents=True)
    plan = ModularizePlan(
        model="cnn-digits",
        dataset="digits",
        target=PlannedTarget(kind="binary", classes=("3",)),
        algorithm="seam",
        preset="fast",
        settings=SETTINGS,
        exports=("int8",),
    )
    made = modularize(plan, home=home, job_folder=job_folder, reporter=SilentReporter())
    return home.modules / made.modules[0]


@pytest.mark.slow
def test_the_int8_file_stands_beside_the_float_file_and_is_smaller(folder: Path):
    sizes = {file["format"]: file["size_bytes"] for file in verify_bundle(folder)["files"]}

    assert sizes["int8"] < sizes["onnx"] / 2


@pytest.mark.slow
def test_its_accuracy_is_measured_and_not_taken_over(folder: Path):
    manifest = find_module(Home(folder.parents[1]), folder.name)
    int8, module = manifest["int8"], manifest["measures"]["module"]

    # Rounding moves only images that are close to a tie; there are a few among some dozens.
    assert int8["accuracy_validation"] == pytest.approx(module["accuracy_validation"], abs=0.1)
    assert int8["accuracy_test"] == pytest.approx(module["accuracy_test"], abs=0.1)
    assert int8["calibration_images"] == min(256, manifest["dataset"]["images"]["train"])


@pytest.mark.slow
def test_the_command_that_makes_the_module_again_asks_for_the_file(folder: Path):
    manifest = find_module(Home(folder.parents[1]), folder.name)

    assert manifest["reproduce"].endswith("--export int8")


def test_a_module_that_does_not_exist_is_refused_naming_those_that_do(tmp_path: Path):
    with pytest.raises(UnknownNameError, match="no module named 'nope'"):
        quantize_module(Home(tmp_path), "nope", reporter=SilentReporter())

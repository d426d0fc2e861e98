"""The whole way from a plan to a module of each of two classes, on the embedded digits."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from modelfoundry.catalog.datasets import load_dataset
from modelfoundry.onnx_engine import open_session
from modelfoundry.pipelines.modularize import run
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.progress import Cancelled, SilentReporter
from modelfoundry.settings import Home

pytestmark = pytest.mark.slow

PLAN = ModularizePlan(
    model="cnn-digits",
    dataset="digits",
    target=PlannedTarget(kind="each", classes=("3", "5")),
    algorithm="gradsplitter",
    preset="fast",
    settings={
        "first_head_epochs": 1,
        "cycles": 1,
        "joint_epochs": 1,
        "head_epochs": 0,
        "batch_size": 256,
        "lr_joint": 0.3,
        "tolerance": 0.9,
    },
)


class StoppedAtFirstModule(SilentReporter):
    """Cancels once the first bundle is there."""

    is_stopped = False

    def advance(self, stage: str, *, done: int, total: int, **metrics: Any) -> None:  # noqa: ARG002
        self.is_stopped = stage == "modules"

    def raise_if_cancelled(self) -> None:
        if self.is_stopped:
            raise Cancelled


@dataclass(frozen=True)
class Made:
    home: Home
    after_cancelling: list[str]
    outcome: Outcome

    def manifest(self, at: int) -> dict[str, Any]:
        folder = self.home.modules / self.outcome.modules[at]
        content: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        return content


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Modules of a job that was cancelled after the first one, and resumed."""
    home = Home(tmp_path_factory.mktemp("home"))
    job_folder = home.jobs / "job"
    job_folder.mkdir(parents=True)
    with pytest.raises(Cancelled):
        run(PLAN, home=home, job_folder=job_folder, reporter=StoppedAtFirstModule())
    written = [f"{path.name} {path.stat().st_mtime_ns}" for path in home.modules.iterdir()]
    outcome = run(PLAN, home=home, job_folder=job_folder, reporter=SilentReporter())
    return Made(home, written, outcome)


def test_every_class_that_is_named_gets_a_bundle_and_the_rest_gets_none(made: Made):
    assert {path.name for path in made.home.modules.iterdir()} == set(made.outcome.modules)
    assert [made.manifest(at)["target"]["outputs"] for at in (0, 1)] == [
        ["3", "not 3"],
        ["5", "not 5"],
    ]


def test_a_resumed_job_keeps_the_bundles_that_are_there(made: Made):
    first = made.home.modules / made.outcome.modules[0]

    assert made.after_cancelling == [f"{first.name} {first.stat().st_mtime_ns}"]


def test_the_result_lists_the_modules_with_their_kernels(made: Made):
    result: dict[str, Any] = made.outcome.summary

    assert [each["class"] for each in result["modules"]] == ["3", "5"]
    assert tuple(each["module"] for each in result["modules"]) == made.outcome.modules
    measures = [made.manifest(at)["measures"] for at in (0, 1)]
    kernels = [each["kernels_kept"] for each in result["modules"]]
    assert kernels == [each["module"]["kernels_kept"] for each in measures]
    assert max(kernels) < measures[0]["original"]["kernels_kept"]


def test_a_module_is_a_binary_module_that_is_smaller_in_the_file(made: Made):
    manifest = made.manifest(0)
    original, module = manifest["measures"]["original"], manifest["measures"]["module"]

    assert manifest["target"]["kind"] == "binary"
    assert (manifest["search"]["granularity"], manifest["parents"]) == ("channel", [])
    assert module["parameters"] < original["parameters"]
    assert "--kind each --target 3 --target 5 --algorithm gradsplitter" in manifest["reproduce"]


def test_the_file_gives_the_score_of_its_class_beside_zero(made: Made):
    session = open_session(made.home.modules / made.outcome.modules[0] / "module.onnx", threads=1)
    images = load_dataset(made.home, "digits").test.whole().images[:8].astype(np.float32) / 255

    (logits,) = session.run(None, {"images": images})

    assert logits.shape == (8, 2)
    assert not logits[:, 1].any()

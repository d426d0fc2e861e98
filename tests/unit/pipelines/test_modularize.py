"""The whole way from a plan to a bundle, once for each kind of target, on the embedded digits."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from modelfoundry.catalog.datasets import load_dataset
from modelfoundry.evaluation.graph import ModuleGraph
from modelfoundry.onnx_engine import open_session
from modelfoundry.pipelines.modularize import NOTHING_REMOVED, run
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.progress import Reporter, SilentReporter
from modelfoundry.settings import Home

pytestmark = pytest.mark.slow

SETTINGS: dict[str, Any] = {"epochs": 3, "batch_size": 16, "lr_mask": 0.1, "flip": False}


class Warnings(SilentReporter):
    """Keeps what the log warns of."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def log(self, message: str, *, level: str = "info") -> None:
        if level == "warning":
            self.messages.append(message)


def make_module(
    folder: Path,
    *,
    kind: Any,
    classes: tuple[str, ...],
    reporter: Reporter | None = None,
    **settings: Any,
) -> tuple[Home, Outcome]:
    home = Home(folder)
    job_folder = home.jobs / "job"
    job_folder.mkdir(parents=True)
    plan = ModularizePlan(
        model="cnn-digits",
        dataset="digits",
        target=PlannedTarget(kind=kind, classes=classes),
        algorithm="seam",
        preset="fast",
        settings=SETTINGS | settings,
    )
    return home, run(plan, home=home, job_folder=job_folder, reporter=reporter or SilentReporter())


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    home, outcome = make_module(tmp_path_factory.mktemp("home"), kind="binary", classes=("3",))
    folder = home.modules / outcome.modules[0]
    return folder, json.loads((folder / "manifest.json").read_text())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A module of whole channels whose weights were trained after the search."""
    home, outcome = make_module(
        tmp_path_factory.mktemp("home"),
        kind="binary",
        classes=("3",),
        granularity="channel",
        alpha=1.0,
        recover="full",
        recover_epochs=3,
    )
    folder = home.modules / outcome.modules[0]
    return folder, json.loads((folder / "manifest.json").read_text())


def unit_images(home: Path) -> tuple[np.ndarray, np.ndarray]:
    test = load_dataset(Home(home), "digits").test.whole()
    return test.images.astype(np.float32) / 255, test.labels


def test_a_bundle_holds_every_file_it_promises(binary):
    folder, manifest = binary

    networks = {"module.safetensors", "module.onnx", "module.pt2"}
    names = {"manifest.json", "graph.json", "config.json", "README.md"} | networks
    assert {path.name for path in folder.iterdir()} == names
    assert {file["name"] for file in manifest["files"]} == names - {"manifest.json"}


@pytest.mark.parametrize(("lr_mask", "is_warned"), [(1e-6, True), (0.1, False)])
def test_a_module_with_all_weights_comes_with_a_warning(
    tmp_path: Path, lr_mask: float, *, is_warned: bool
):
    heard = Warnings()

    make_module(tmp_path, kind="binary", classes=("3",), reporter=heard, lr_mask=lr_mask)

    assert (NOTHING_REMOVED in heard.messages) == is_warned


def test_the_graphs_say_of_every_layer_what_was_kept_of_it(small):
    folder, manifest = small
    graph = ModuleGraph.model_validate_json((folder / "graph.json").read_bytes())

    kept = {layer["name"]: layer["weights_kept"] for layer in manifest["layers"]}
    of_original, of_module = (
        {node.name: node for node in each.nodes if node.weights_total is not None}
        for each in (graph.original, graph.module)
    )
    assert {name: node.weights_kept for name, node in of_original.items()} == kept
    assert {name: node.weights_kept for name, node in of_module.items()} == kept
    # The second convolution makes 32 channels of 32 x 32 images; the module has only those kept.
    assert of_original["features.3"].shape == (32, 32, 32)
    assert of_module["features.3"].shape[0] < 32


def test_all_files_agree_with_the_masked_network_on_real_images(binary):
    _, manifest = binary

    assert manifest["agreement"]["images"] >= 70
    assert set(manifest["agreement"]["max_abs_difference"]) == {"onnx", "pt2", "safetensors"}
    assert max(manifest["agreement"]["max_abs_difference"].values()) < 1e-3
    assert manifest["agreement"]["labels_equal"]


def test_weights_kept_are_the_non_zero_weights_of_the_file(binary):
    folder, manifest = binary
    weights = load_file(folder / "module.safetensors")
    measures = manifest["measures"]["module"]

    convolutions_and_linear = [layer["name"] for layer in manifest["layers"]]
    kept = sum(
        int(value.count_nonzero())
        for name, value in weights.items()
        if name.removeprefix("trunk.").rpartition(".")[0] in convolutions_and_linear
    )
    assert kept == measures["weights_kept"] == sum(x["weights_kept"] for x in manifest["layers"])
    assert measures["retained_ratio"] == kept / measures["weights_total"] < 1
    assert measures["macs_masked"] < measures["macs_dense"]


def test_the_onnx_file_alone_reaches_the_test_accuracy_of_the_manifest(binary):
    folder, manifest = binary
    images, labels = unit_images(folder.parents[1])
    session = open_session(folder / "module.onnx", threads=1)

    (logits,) = session.run(None, {"images": images})

    # Balanced as the target is: all threes, and as many others as the manifest's count leaves.
    says_three = logits.argmax(axis=1) == 0
    recall = says_three[labels == 3].mean()
    specificity = 1 - says_three[labels != 3].mean()
    balanced = (recall + specificity) / 2
    assert balanced == pytest.approx(manifest["measures"]["module"]["accuracy_test"], abs=0.06)


def test_the_manifest_says_where_everything_came_from(binary):
    _, manifest = binary

    assert manifest["model"]["origin"].startswith("modelfoundry train --name cnn-digits")
    assert len(manifest["model"]["weights_sha256"]) == 64
    assert len(manifest["dataset"]["content_sha256"]) == 64
    assert manifest["target"]["outputs"] == ["3", "not 3"]
    assert manifest["recipe"]["settings"]["epochs"] == 3
    assert manifest["validation"] == {"seen_by_original": False}
    assert "--model cnn-digits --kind binary --target 3" in manifest["reproduce"]


def test_a_module_of_channels_is_smaller_in_the_file(small):
    folder, manifest = small
    original, module = manifest["measures"]["original"], manifest["measures"]["module"]

    assert module["parameters"] < original["parameters"]
    assert module["macs"] < original["macs"] == original["macs_dense"]
    assert module["file_size_bytes"] < original["file_size_bytes"]
    weights = load_file(folder / "module.safetensors")
    assert weights["trunk.features.3.weight"].shape[0] < 32


def test_a_module_of_weights_costs_in_the_file_what_the_original_does(binary):
    _, manifest = binary
    original, module = manifest["measures"]["original"], manifest["measures"]["module"]

    # Only the head is new: 10 classes to 2 outputs.
    assert module["macs"] == original["macs"] + 20
    assert module["macs_masked"] < module["macs"]


def test_the_manifest_and_the_readme_say_what_was_masked_and_trained(small, binary):
    for_small, for_binary = (
        {name: manifest["search"][name] for name in ("granularity", "recover", "epochs")}
        for _, manifest in (small, binary)
    )
    assert for_small == {"granularity": "channel", "recover": "full", "epochs": 6}
    assert for_binary == {"granularity": "weight", "recover": "none", "epochs": 3}
    readme = (small[0] / "README.md").read_text()
    assert "searched for the channels" in readme
    assert "the weights are no longer the original's" in readme


def test_a_module_runs_where_only_numpy_and_onnxruntime_are_imported(binary):
    folder, manifest = binary
    script = manifest["load"]["onnx"] + "\nimport sys\nprint('torch' in sys.modules)"

    printed = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, check=True, capture_output=True, text=True
    ).stdout

    assert printed.strip().endswith("False")


def test_several_classes_give_as_many_outputs_in_the_order_asked_for(tmp_path):
    home, outcome = make_module(tmp_path, kind="multi-class", classes=("7", "1", "4"))

    folder = home.modules / outcome.modules[0]
    images, labels = unit_images(tmp_path)
    exported = torch.export.load(folder / "module.pt2").module()
    answers = exported(torch.from_numpy(images)).argmax(dim=1).numpy()
    is_asked_for = np.isin(labels, [7, 1, 4])
    right = np.array([7, 1, 4])[answers] == labels
    assert right[is_asked_for].mean() > 0.5  # chance is a third


def test_the_same_plan_gives_the_same_module(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    _, first = make_module(tmp_path / "a", kind="binary", classes=("5",))
    _, again = make_module(tmp_path / "b", kind="binary", classes=("5",))

    assert first.modules == again.modules  # the id is a hash over weights and recipe

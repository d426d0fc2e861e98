import copy
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.unit.export.conftest import WrittenBundle
from torch import Tensor, nn

from modelfoundry.errors import ExportError, StorageError
from modelfoundry.export.agreement import Agreement
from modelfoundry.export.bundle import StagedBundle, seal, stage_bundle
from modelfoundry.export.draft import BundleFacts, BundleMeasures, Parent
from modelfoundry.export.manifest import read_manifest, verify_bundle
from modelfoundry.onnx_engine import open_session
from modelfoundry.storage import unfinished_folder

Stage = Callable[[], AbstractContextManager[StagedBundle]]


@pytest.fixture
def stage(tmp_path: Path, bundle: WrittenBundle) -> Stage:
    """Stage the files of the finished bundle again: exporting them takes seconds."""

    @contextmanager
    def staging() -> Iterator[StagedBundle]:
        with unfinished_folder(tmp_path) as folder:
            for name in ("module.onnx", "module.pt2", "module.safetensors"):
                shutil.copy(bundle.folder / name, folder)
            yield StagedBundle(
                folder, tmp_path, (3, 8, 8), Agreement(7, {"onnx": 0.0}, labels_equal=True)
            )

    return staging


@contextmanager
def no_space_beyond(limit_bytes: int) -> Iterator[None]:
    """Let the system refuse every larger file, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_bundle_holds_every_file_as_its_manifest_says(bundle: WrittenBundle):
    assert verify_bundle(bundle.folder) == bundle.manifest
    assert sorted(path.name for path in bundle.folder.iterdir()) == [
        "README.md",
        "config.json",
        "manifest.json",
        "module.onnx",
        "module.pt2",
        "module.safetensors",
    ]
    assert {file["name"]: file["size_bytes"] for file in bundle.manifest["files"]} == {
        path.name: path.stat().st_size
        for path in bundle.folder.iterdir()
        if path.name != "manifest.json"
    }


def test_the_id_names_the_model_the_classes_and_a_hash(bundle: WrittenBundle):
    assert bundle.folder.name == bundle.manifest["id"]
    prefix, _, digest = bundle.manifest["id"].rpartition("-")
    assert prefix == "tinynet-pets-cat"
    assert len(bytes.fromhex(digest)) == 4


def test_every_file_agrees_with_the_masked_network(bundle: WrittenBundle):
    agreement = bundle.manifest["agreement"]
    assert agreement["images"] == 7
    assert agreement["labels_equal"] is True
    assert agreement["max_abs_difference"] == {
        "onnx": pytest.approx(0, abs=1e-5),  # sums in another order
        "pt2": pytest.approx(0, abs=1e-5),
        "safetensors": 0.0,
    }


def test_the_module_takes_and_gives_what_the_manifest_says(
    bundle: WrittenBundle, network: nn.Module, images: Tensor
):
    described = bundle.manifest["input"]
    session = open_session(bundle.folder / "module.onnx")
    (logits,) = session.run(
        [bundle.manifest["output"]["name"]], {described["name"]: images[:1].numpy()}
    )
    assert described["shape"] == ["N", 3, 8, 8]
    assert bundle.manifest["output"]["shape"] == ["N", 2]
    np.testing.assert_allclose(logits, network(images[:1]).detach().numpy(), atol=1e-5)


def test_no_file_tells_where_it_was_made(bundle: WrittenBundle):
    found = [
        (path.name, source)
        for path in bundle.folder.iterdir()
        for source in ("/site-packages/", str(Path(__file__).parent))
        if source.encode() in path.read_bytes()
    ]
    assert found == []


def test_the_manifest_carries_the_retained_ratio(bundle: WrittenBundle):
    assert bundle.manifest["measures"]["module"]["retained_ratio"] == 0.12  # 12 of 100
    assert bundle.manifest["measures"]["original"]["retained_ratio"] == 1.0


def test_outputs_of_a_multi_class_module_are_its_classes(
    stage: Stage, facts: BundleFacts, measures: BundleMeasures
):
    with stage() as staged:
        several = replace(facts, target_kind="multi-class", classes=("dog", "sea cow"))
        manifest = seal(staged, several, measures)
    assert manifest["target"]["outputs"] == ["dog", "sea cow"]
    assert manifest["id"].startswith("tinynet-pets-dog-sea-cow-")


def test_a_module_of_modules_alone_is_not_named_after_what_it_is_compared_with(
    stage: Stage, facts: BundleFacts, measures: BundleMeasures
):
    parents = tuple(Parent(f"tinynet-pets-{name}", name, "2" * 64) for name in ("cat", "dog"))
    composed = replace(facts, target_kind="multi-class", classes=("cat", "dog"), parents=parents)
    with stage() as staged:
        manifest = seal(staged, composed, measures)
    assert manifest["id"].startswith("composed-cat-dog-")


def test_a_composed_module_names_its_parents(stage: Stage, facts: BundleFacts, measures: Any):
    parents = (Parent("tinynet-pets-cat-00000000", "cat", "2" * 64),)
    with stage() as staged:
        manifest = seal(staged, replace(facts, parents=parents), measures)
    assert manifest["parents"] == [
        {"module": "tinynet-pets-cat-00000000", "class": "cat", "weights_sha256": "2" * 64}
    ]


def test_a_binary_module_of_a_group_answers_by_its_name(facts: BundleFacts):
    of_group = replace(facts, classes=("dog", "cow"), group="farm animals")

    assert of_group.outputs == ("farm animals", "not farm animals")


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"settings": {"epochs": 3, "alpha": 1.0}}, {"algorithm": "other"}],
    ids=["seed", "settings", "algorithm"],
)
def test_another_recipe_gets_another_id(
    stage: Stage,
    facts: BundleFacts,
    measures: BundleMeasures,
    bundle: WrittenBundle,
    change: dict[str, Any],
):
    with stage() as staged:
        assert seal(staged, replace(facts, **change), measures)["id"] != bundle.manifest["id"]


def test_a_bundle_of_the_same_weights_and_recipe_replaces_the_older_one(
    tmp_path: Path, stage: Stage, facts: BundleFacts, measures: BundleMeasures
):
    with stage() as staged:
        seal(staged, replace(facts, title="older"), measures)
    with stage() as staged:
        manifest = seal(staged, facts, measures)
    assert [path.name for path in tmp_path.iterdir()] == [manifest["id"]]
    assert read_manifest(tmp_path / manifest["id"])["title"] == "cat"


def test_a_full_disk_while_staging_leaves_nothing(
    tmp_path: Path, network: nn.Module, images: Tensor
):
    with (
        no_space_beyond(1000),  # module.safetensors is the first file to be larger
        pytest.raises(StorageError, match="free some space"),
        stage_bundle(tmp_path, network=network, reference=network, check_images=images),
    ):
        pytest.fail("a bundle was staged on a full disk")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_while_sealing_leaves_the_older_bundle_whole(
    tmp_path: Path, stage: Stage, facts: BundleFacts, measures: BundleMeasures
):
    with stage() as staged:
        older = seal(staged, facts, measures)
    with stage() as staged, no_space_beyond(1000), pytest.raises(StorageError):
        seal(staged, facts, measures)
    assert [path.name for path in tmp_path.iterdir()] == [older["id"]]
    assert verify_bundle(tmp_path / older["id"]) == older


def test_files_that_disagree_with_the_masked_network_make_no_bundle(
    tmp_path: Path, network: nn.Module, images: Tensor
):
    other_weights = copy.deepcopy(network)
    torch.nn.init.zeros_(other_weights.get_parameter("conv.weight"))
    with (
        pytest.raises(ExportError, match=r"module\.onnx does not agree"),
        stage_bundle(tmp_path, network=network, reference=other_weights, check_images=images),
    ):
        pytest.fail("a wrong bundle was staged")
    assert list(tmp_path.iterdir()) == []

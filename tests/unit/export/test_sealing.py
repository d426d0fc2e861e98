import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from modelfoundry.errors import GoneError
from modelfoundry.export.manifest import read_manifest, verify_bundle
from modelfoundry.export.sealing import amended

INT8 = {
    "accuracy_validation": 0.94,
    "accuracy_test": 0.89,
    "file_size_bytes": 512,
    "latency_ms": {"1": 0.25},
    "float_latency_ms": {"1": 0.5},
    "latency_setup": {},
    "calibration_images": 256,
}


@pytest.fixture
def folder(bundle: Any, tmp_path: Path) -> Path:
    """A bundle of its own, to be changed."""
    copy: Path = tmp_path / "modules" / bundle.folder.name
    shutil.copytree(bundle.folder, copy)
    return copy


def test_a_file_that_is_added_is_listed_with_its_hash(folder: Path):
    with amended(folder) as amendment:
        (amendment.folder / "module.int8.onnx").write_bytes(b"small")

    files = {file["format"]: file for file in verify_bundle(folder)["files"]}
    assert files["int8"]["sha256"] == hashlib.sha256(b"small").hexdigest()
    assert set(files) == {"safetensors", "onnx", "pt2", "int8", "readme", "config"}


def test_the_readme_says_what_the_manifest_says(folder: Path):
    with amended(folder) as amendment:
        amendment.manifest["int8"] = INT8

    assert (
        "| Accuracy (test) | 90.00% | 89.00% | -1.00 points |" in (folder / "README.md").read_text()
    )
    assert read_manifest(folder)["int8"] == INT8


def break_off(folder: Path) -> None:
    with amended(folder) as amendment:
        (amendment.folder / "module.onnx").write_bytes(b"broken")
        raise RuntimeError


def test_a_change_that_fails_leaves_the_bundle_as_it_was(folder: Path):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(RuntimeError):
        break_off(folder)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_a_bundle_that_is_gone_cannot_be_changed(tmp_path: Path):
    with pytest.raises(GoneError), amended(tmp_path / "nope"):
        pass


def test_a_bundle_without_an_int8_file_says_nothing_of_one(folder: Path):
    assert json.loads((folder / "manifest.json").read_text())["int8"] is None
    assert "int8" not in (folder / "README.md").read_text()

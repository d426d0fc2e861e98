import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest
from tests.unit.export.conftest import WrittenBundle

from modelfoundry.errors import UnreadableFileError
from modelfoundry.export.manifest import read_manifest
from modelfoundry.export.receiving import receive_bundle
from modelfoundry.storage import sha256_of_file

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def sent(tmp_path: Path, bundle: WrittenBundle) -> Path:
    """A copy of a bundle, as it would arrive from elsewhere."""
    return Path(shutil.copytree(bundle.folder, tmp_path / "sent"))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "target").mkdir()
    return tmp_path / "target"


def rewrite(folder: Path, change: Change) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def pack(folder: Path, prefix: str = "module/") -> Path:
    packed = folder.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"{prefix}{path.name}")
    return packed


def test_a_bundle_arrives_with_the_same_weights_and_says_where_it_came_from(
    sent: Path, target: Path
):
    receive_bundle(sent, target, origin="a friend")

    for name in ("module.safetensors", "module.onnx", "README.md", "config.json"):
        assert sha256_of_file(target / name) == sha256_of_file(sent / name)
    assert read_manifest(target)["imported"]["source"] == "a friend"
    assert read_manifest(target)["measures"] == read_manifest(sent)["measures"]


@pytest.mark.parametrize("prefix", ["", "module/", "a/b/"])
def test_a_zip_arrives_like_its_folder(sent: Path, target: Path, prefix: str):
    receive_bundle(pack(sent, prefix), target, origin="")

    weights = "module.safetensors"
    assert sha256_of_file(target / weights) == sha256_of_file(sent / weights)


def test_the_file_that_can_hold_code_comes_only_from_who_is_trusted(sent: Path, target: Path):
    receive_bundle(sent, target, origin="")
    assert not (target / "module.pt2").exists()
    assert "pt2" not in [file["format"] for file in read_manifest(target)["files"]]

    receive_bundle(sent, target, origin="", trusted=True)
    assert (target / "module.pt2").exists()


def test_a_tampered_file_is_refused_by_name(sent: Path, target: Path):
    with (sent / "module.safetensors").open("ab") as file:
        file.write(b"x")

    with pytest.raises(UnreadableFileError, match=r"module\.safetensors in sent was changed"):
        receive_bundle(sent, target, origin="")


def test_a_file_that_is_missing_is_named(sent: Path, target: Path):
    (sent / "module.onnx").unlink()

    with pytest.raises(UnreadableFileError, match=r"no module\.onnx, which its manifest lists"):
        receive_bundle(sent, target, origin="")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda m: m.update(id="../../models"), r"the id '\.\./\.\./models', which no module has"),
        (lambda m: m.pop("id"), "the id null"),
        (lambda m: m.update(format_version=99), "format version 99"),
        (lambda m: m.update(files="all"), "lists no files"),
        (lambda m: m["files"][0].update(name="../escaped"), "no file of a module"),
        (lambda m: m["files"].append({"name": "run.sh", "format": "sh"}), "no file of a module"),
        (lambda m: m["files"].append(m["files"][0]), "lists a file more than once"),
        (lambda m: m["files"][0].update(size_bytes=-1), "bytes, the manifest says -1"),
        (lambda m: m["files"][0].update(sha256="0" * 9_000), r"\(9,000 characters\)"),
        (lambda m: m.update(files=[]), r"has no module\.onnx"),
    ],
    ids=[
        "escape",
        "no id",
        "version",
        "no list",
        "path",
        "other file",
        "twice",
        "size",
        "hash",
        "incomplete",
    ],
)
def test_a_manifest_that_no_module_has_is_refused(
    sent: Path, target: Path, change: Change, fault: str
):
    rewrite(sent, change)

    with pytest.raises(UnreadableFileError, match=fault):
        receive_bundle(sent, target, origin="")
    assert not (target.parent / "escaped").exists()


def test_what_holds_no_manifest_is_no_module(tmp_path: Path, target: Path):
    (tmp_path / "other").mkdir()
    with pytest.raises(UnreadableFileError, match=r"other holds no manifest\.json"):
        receive_bundle(tmp_path / "other", target, origin="")
    (tmp_path / "other.zip").write_bytes(b"PK")
    with pytest.raises(UnreadableFileError, match="truncated, or neither a folder nor"):
        receive_bundle(tmp_path / "other.zip", target, origin="")


def test_a_network_that_reads_other_files_is_refused(sent: Path, target: Path):
    network = onnx.load(sent / "module.onnx")
    tensor = network.graph.initializer[0]
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    (sent / "module.onnx").write_bytes(network.SerializeToString())
    digest = sha256_of_file(sent / "module.onnx")
    size = (sent / "module.onnx").stat().st_size
    listed = [file["name"] for file in read_manifest(sent)["files"]]
    rewrite(
        sent,
        lambda m: m["files"][listed.index("module.onnx")].update(sha256=digest, size_bytes=size),
    )

    with pytest.raises(UnreadableFileError, match="keeps weights in other files"):
        receive_bundle(sent, target, origin="")


def test_what_is_no_network_is_refused(sent: Path, target: Path):
    (sent / "module.onnx").write_bytes(b"\xff" * 100)
    digest = sha256_of_file(sent / "module.onnx")
    size = (sent / "module.onnx").stat().st_size
    listed = [file["name"] for file in read_manifest(sent)["files"]]
    rewrite(
        sent,
        lambda m: m["files"][listed.index("module.onnx")].update(sha256=digest, size_bytes=size),
    )

    with pytest.raises(UnreadableFileError, match=r"module\.onnx is no ONNX network"):
        receive_bundle(sent, target, origin="")

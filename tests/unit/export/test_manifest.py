import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.export.conftest import WrittenBundle

from modelfoundry.errors import GoneError, UnreadableFileError
from modelfoundry.export.manifest import read_manifest, verify_bundle


@pytest.fixture
def folder(bundle: WrittenBundle, tmp_path: Path) -> Path:
    """Return a copy of the bundle that may be damaged."""
    return Path(shutil.copytree(bundle.folder, tmp_path / "copy"))


def test_a_changed_file_is_named(folder: Path):
    with (folder / "module.onnx").open("ab") as stream:
        stream.write(b"!")
    with pytest.raises(UnreadableFileError, match=r"module\.onnx was changed"):
        verify_bundle(folder)


def test_a_missing_file_is_gone(folder: Path):
    (folder / "module.pt2").unlink()
    with pytest.raises(GoneError, match=r"module\.pt2"):
        verify_bundle(folder)


def test_a_missing_bundle_is_gone(tmp_path: Path):
    with pytest.raises(GoneError, match="make the module again"):
        read_manifest(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"format_version": 3, "accuracy": NaN}', "is not JSON"),
        ('{"format_version": 3, "accuracy": 1e999}', "is not JSON"),
        ("[]", "format version null"),
        ('{"format_version": 1}', "format version 1; this version reads 3"),
    ],
    ids=["truncated", "nested without end", "no number", "infinite", "not-an-object", "newer"],
)
def test_what_is_no_manifest_of_ours_is_refused(folder: Path, content: str, complaint: str):
    (folder / "manifest.json").write_text(content)
    with pytest.raises(UnreadableFileError, match=complaint):
        read_manifest(folder)


def test_reading_manifests_loads_no_torch():
    code = "import sys, modelfoundry.export.manifest; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

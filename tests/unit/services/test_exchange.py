import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save
from tests.homes import add_bundle

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.errors import GoneError, UnreadableFileError, WrongStateError
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.onnx_engine import open_session
from modelfoundry.settings import Home, Settings

ID = "toy-3-0a1b2c3d"
WEIGHTS = np.arange(24, dtype=np.float32).reshape(12, 2)


def onnx_bytes() -> bytes:
    """Make a network that adds the pixels of a 2 x 2 image up, weighted."""
    graph = helper.make_graph(
        [
            helper.make_node("Flatten", ["images"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["N", 3, 2, 2])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 2])],
        [numpy_helper.from_array(WEIGHTS, "weights")],
    )
    opset = [helper.make_opsetid("", 18)]
    return bytes(helper.make_model(graph, opset_imports=opset, ir_version=9).SerializeToString())


@pytest.fixture
def bundle(services: Services, home: Home) -> Path:
    """A listed module whose ONNX file computes something."""
    contents = {"onnx": onnx_bytes(), "safetensors": save({"weights": WEIGHTS}), "readme": b"#"}
    names = {"onnx": "module.onnx", "safetensors": "module.safetensors", "readme": "README.md"}
    files = [
        {
            "name": names[format_],
            "format": format_,
            "size_bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for format_, content in contents.items()
    ]
    folder = add_bundle(home, ID, files=files)
    (folder / "module.onnx").write_bytes(contents["onnx"])
    (folder / "module.safetensors").write_bytes(contents["safetensors"])
    (folder / "README.md").write_bytes(contents["readme"])
    adopt_bundles(home, services.stores.modules)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Services:
    """Another installation, which has never heard of the module's model."""
    return build_services(Settings(home=Home(tmp_path / "elsewhere")))


def logits(services: Services) -> list[list[float]]:
    path = services.modules.folder(ID) / "module.onnx"
    images = np.linspace(0, 1, 24, dtype=np.float32).reshape(2, 3, 2, 2)
    (found,) = open_session(path).run(None, {"images": images})
    computed: list[list[float]] = np.asarray(found).tolist()
    return computed


@pytest.mark.usefixtures("bundle")
def test_a_module_that_goes_elsewhere_is_the_same_there(
    services: Services, elsewhere: Services, tmp_path: Path
):
    module = elsewhere.exchange.receive(services.exchange.export(ID, str(tmp_path / "out")))

    there, here = elsewhere.modules.get(ID), services.modules.get(ID)
    assert there.manifest.files == here.manifest.files
    assert there.manifest.measures == here.manifest.measures
    assert (module.manifest.imported and module.manifest.imported.source) == ID
    assert logits(elsewhere) == logits(services)
    assert elsewhere.exchange.verify(ID) == here.manifest.files


@pytest.mark.usefixtures("bundle")
def test_the_archive_that_is_downloaded_can_be_imported(
    services: Services, elsewhere: Services, tmp_path: Path
):
    download = services.modules.download(ID, "zip")
    assert not isinstance(download.content, Path)
    with download.content as packed, (tmp_path / "module.zip").open("wb") as copy:
        shutil.copyfileobj(packed, copy)

    assert elsewhere.exchange.receive(tmp_path / "module.zip").id == ID


def test_a_module_that_is_here_is_not_replaced(services: Services, bundle: Path):
    with pytest.raises(WrongStateError, match=f"the module {ID} is here already"):
        services.exchange.receive(bundle)
    assert logits(services)


def test_a_refused_module_leaves_nothing(elsewhere: Services, bundle: Path):
    manifest = json.loads((bundle / "manifest.json").read_text())
    del manifest["measures"]
    (bundle / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(UnreadableFileError, match="measures: this is needed and was not given"):
        elsewhere.exchange.receive(bundle)

    assert list(elsewhere.settings.home.modules.iterdir()) == []


@pytest.mark.parametrize(
    ("entry", "value", "complaint"),
    [
        ("title", "x" * 1001, r"title: 'x+'\.\.\. \(1,001 characters\) is too long"),
        ("algorithm", "x" * 10_001, r"algorithm: .* is too long; take at most 10000 characters"),
        (
            "recipe",
            {"preset": "a", "settings": {"a": ["x" * 10_001]}},
            "recipe.settings.a.* too lo",
        ),
        ("added by a stranger", {"a": "x" * 10_001}, "added by a stranger.* is too long"),
        ("x" * 1001, 1, "is too long; take at most 1000 characters"),
        ("load", {"onnx": "x" * 1_000_001}, "load.onnx: .* is too long"),
        ("input", {"shape": ["N", 3, "N", 2]}, 'input.shape: expected "N" and three whole numbers'),
        ("input", {"shape": ["N", 3, 2, 10**9]}, "input.shape.3.*1000000000 is too large"),
    ],
    ids=["title", "name", "setting", "unknown entry", "unknown name", "snippet", "no side", "side"],
)
def test_what_a_manifest_says_has_a_longest_length(
    elsewhere: Services, bundle: Path, entry: str, value: object, complaint: str
):
    manifest = json.loads((bundle / "manifest.json").read_text()) | {entry: value}
    (bundle / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(UnreadableFileError, match=complaint):
        elsewhere.exchange.receive(bundle)


def test_figures_that_cannot_stand_beside_each_other_are_refused(elsewhere: Services, bundle: Path):
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["measures"]["module"]["latency_ms"] = {"64": 0.5}
    (bundle / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(UnreadableFileError, match="not timed with batches of the same sizes"):
        elsewhere.exchange.receive(bundle)


def test_of_many_faults_the_first_three_are_named(elsewhere: Services, bundle: Path):
    manifest = json.loads((bundle / "manifest.json").read_text())
    kept = {name: manifest[name] for name in ("format_version", "id", "files", "title")}
    (bundle / "manifest.json").write_text(json.dumps(kept))

    with pytest.raises(UnreadableFileError, match=r"and \d+ more like these; export the module"):
        elsewhere.exchange.receive(bundle)


def test_a_changed_file_is_not_exported(services: Services, bundle: Path, tmp_path: Path):
    (bundle / "README.md").write_bytes(b"changed")

    with pytest.raises(UnreadableFileError, match=r"README\.md was changed"):
        services.exchange.export(ID, str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_manifest_that_was_changed_with_its_file_is_found_out(services: Services, bundle: Path):
    digest = hashlib.sha256(b"changed").hexdigest()
    (bundle / "README.md").write_bytes(b"changed")
    text = (bundle / "manifest.json").read_text()
    (bundle / "manifest.json").write_text(text.replace(hashlib.sha256(b"#").hexdigest(), digest))

    with pytest.raises(UnreadableFileError, match="lists other hashes than when"):
        services.exchange.verify(ID)


def test_a_missing_file_is_found_out(services: Services, bundle: Path):
    (bundle / "module.onnx").unlink()

    with pytest.raises(GoneError, match=r"module\.onnx is no longer on disk"):
        services.exchange.verify(ID)


def test_an_archive_of_something_else_is_no_module(elsewhere: Services, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("cat/1.png", "")
    with pytest.raises(UnreadableFileError, match=r"photos\.zip holds no manifest\.json"):
        elsewhere.exchange.receive(tmp_path / "photos.zip")


def test_the_network_of_these_tests_is_one(tmp_path: Path):
    (tmp_path / "a.onnx").write_bytes(onnx_bytes())
    onnx.checker.check_model(onnx.load(tmp_path / "a.onnx"))

import zipfile
from pathlib import Path

import pytest
from tests.homes import add_bundle, manifest

from modelfoundry.bootstrap import Services
from modelfoundry.errors import (
    GoneError,
    StorageError,
    UnknownNameError,
    UnreadableFileError,
    WrongStateError,
)
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.pipelines.requests import EvaluateRequest
from modelfoundry.settings import Home

ID = "toy-3-0a1b2c3d"


@pytest.fixture
def bundle(services: Services, home: Home) -> Path:
    folder = add_bundle(home, ID)
    adopt_bundles(home, services.stores.modules)
    return folder


@pytest.mark.usefixtures("bundle")
def test_a_file_is_found_by_its_format(services: Services):
    download = services.modules.download(ID, "onnx")

    assert isinstance(download.content, Path)
    assert download.content.read_bytes() == b"the onnx file"
    assert download.name == f"{ID}.onnx"


@pytest.mark.usefixtures("bundle")
def test_the_archive_holds_every_file_uncompressed(services: Services):
    download = services.modules.download(ID, "zip")

    assert not isinstance(download.content, Path)
    with download.content as packed, zipfile.ZipFile(packed) as archive:
        assert set(archive.namelist()) == {
            f"{ID}/manifest.json",
            f"{ID}/module.onnx",
            f"{ID}/README.md",
        }
        assert archive.read(f"{ID}/module.onnx") == b"the onnx file"
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_file_that_was_deleted_from_disk_is_gone(services: Services, bundle: Path):
    (bundle / "module.onnx").unlink()

    with pytest.raises(GoneError, match=r"module.onnx of module .* is gone; make the module again"):
        services.modules.download(ID, "onnx")


@pytest.mark.usefixtures("bundle")
def test_a_format_that_was_never_written_is_gone(services: Services):
    with pytest.raises(GoneError, match="has no pt2 file"):
        services.modules.download(ID, "pt2")


@pytest.mark.parametrize("hostile", ["../../etc", "..", "/etc/passwd", "toy-3\x00"])
def test_an_id_that_is_not_listed_never_reaches_the_disk(services: Services, hostile: str):
    with pytest.raises(UnknownNameError):
        services.modules.download(hostile, "manifest")


def test_deleting_removes_the_files(services: Services, bundle: Path):
    services.modules.delete(ID)

    assert not bundle.exists()
    assert services.modules.page().total == 0


def test_a_module_whose_files_are_gone_can_still_be_deleted(services: Services, bundle: Path):
    bundle.rename(bundle.parent.parent / "elsewhere")

    services.modules.delete(ID)

    assert services.modules.page().total == 0


@pytest.mark.usefixtures("bundle")
def test_exporting_copies_the_bundle(services: Services, tmp_path: Path):
    copied = services.modules.export(ID, tmp_path / "out")

    assert copied == tmp_path / "out" / ID
    assert (copied / "module.onnx").read_bytes() == b"the onnx file"


@pytest.mark.usefixtures("bundle")
def test_exporting_again_replaces_the_earlier_copy(services: Services, tmp_path: Path):
    copied = services.modules.export(ID, tmp_path)
    (copied / "module.onnx").write_bytes(b"old")

    services.modules.export(ID, tmp_path)

    assert (copied / "module.onnx").read_bytes() == b"the onnx file"


@pytest.mark.usefixtures("bundle")
def test_exporting_to_a_place_that_is_no_folder_leaves_nothing(services: Services, tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match="File exists"):
        services.modules.export(ID, tmp_path / "file")


@pytest.mark.usefixtures("bundle")
def test_a_missing_int8_file_is_named_with_the_command_that_adds_it(services: Services):
    with pytest.raises(GoneError, match=f"modelfoundry modules quantize {ID}"):
        services.modules.download(ID, "int8")


def test_a_changed_bundle_is_listed_as_it_is_now(services: Services, bundle: Path):
    path = bundle / "manifest.json"
    path.write_text(path.read_text().replace('"title": "3"', '"title": "three"'))

    assert services.modules.read_anew(ID).title == "three"
    assert services.modules.get(ID).title == "three"


@pytest.mark.usefixtures("bundle")
def test_siblings_are_the_other_modules_of_the_same_model_and_target(
    services: Services, home: Home
):
    other_target = manifest(ID)["target"] | {"classes": ["4"], "outputs": ["4", "not 4"]}
    add_bundle(home, "toy-3-ffffffff")
    add_bundle(home, "toy-4-0a1b2c3d", target=other_target)
    adopt_bundles(home, services.stores.modules)

    assert services.modules.page().total == 3
    assert [module.id for module in services.modules.siblings(ID)] == ["toy-3-ffffffff"]


@pytest.mark.usefixtures("bundle")
def test_the_graph_of_a_module_made_without_one_is_said_to_be_gone(services: Services):
    with pytest.raises(GoneError, match=r"graph\.json .* make the module again"):
        services.modules.graph(ID)


def test_a_graph_file_that_holds_no_graph_is_named(services: Services, bundle: Path):
    (bundle / "graph.json").write_text('{"original": 1}')

    with pytest.raises(UnreadableFileError, match=rf"graph\.json of module {ID}"):
        services.modules.graph(ID)


@pytest.mark.usefixtures("bundle")
def test_a_job_that_waits_for_a_module_keeps_it_from_being_deleted(services: Services):
    job = services.jobs.submit(EvaluateRequest(module=ID))

    with pytest.raises(WrongStateError, match=f"{ID} is needed by job {job.id}; wait"):
        services.modules.delete(ID)

    assert services.modules.get(ID).id == ID


@pytest.mark.usefixtures("bundle")
def test_a_job_in_the_pool_of_which_a_module_is_needs_it_too(services: Services):
    other = Job.new("reuse", {"pool": ["toy-4", ID]}, title="", now=utc_now())
    services.stores.jobs.add(other)

    assert [job.id for job in services.modules.uses(ID).jobs] == [other.id]


@pytest.mark.usefixtures("bundle")
def test_a_module_of_no_unfinished_job_can_be_deleted(services: Services):
    services.jobs.cancel(services.jobs.submit(EvaluateRequest(module=ID)).id)

    services.modules.delete(ID)

    assert services.modules.page().total == 0


@pytest.mark.usefixtures("bundle")
def test_composed_modules_refer_to_their_parts(services: Services, home: Home):
    parents = [{"module": ID, "class": "3", "weights_sha256": "0" * 64}]
    add_bundle(home, "toy-composed-ffffffff", parents=parents)
    adopt_bundles(home, services.stores.modules)

    assert [module.id for module in services.modules.uses(ID).modules] == ["toy-composed-ffffffff"]

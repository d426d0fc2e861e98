import io
import json
import zipfile
from pathlib import Path

import pytest
from tests.homes import add_bundle

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.settings import Home

ID = "toy-3-0a1b2c3d"
URL = f"/api/v1/modules/{ID}"


@pytest.fixture
def bundle(services: Services, home: Home) -> Path:
    folder = add_bundle(home, ID)
    adopt_bundles(home, services.stores.modules)
    return folder


@pytest.mark.usefixtures("bundle")
def test_one_answer_is_enough_to_mirror_a_module(client):
    module = client.get(URL).json

    assert module["license"] == "unknown"
    card = next(file for file in module["files"] if file["format"] == "readme")
    assert client.get(card["download_url"]).data == b"the readme file"
    assert (len(card["sha256"]), card["size_bytes"]) == (64, 15)
    assert json.loads(client.get(module["manifest_url"]).data)["id"] == ID
    assert client.get(module["archive_url"]).status_code == 200


@pytest.mark.usefixtures("bundle")
def test_files_that_are_as_they_were_made_are_listed(client):
    answer = client.get(f"{URL}/verification")

    assert answer.status_code == 200
    assert [file["name"] for file in answer.json["files"]] == ["module.onnx", "README.md"]


def test_a_changed_file_is_named(client, bundle: Path):
    (bundle / "module.onnx").write_bytes(b"changed")

    answer = client.get(f"{URL}/verification")

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert "module.onnx was changed" in answer.json["detail"]


def test_a_zip_that_is_no_module_is_refused_and_nothing_stays(client, home: Home):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../evil/manifest.json", "{}")
    packed.seek(0)

    answer = client.post("/api/v1/modules", data={"file": (packed, "evil.zip")})

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["detail"].startswith("manifest.json in evil.zip has format version null")
    assert list(home.modules.iterdir()) == []
    assert list(home.uploads.iterdir()) == []

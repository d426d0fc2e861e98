import hashlib
import io
import json
import zipfile
from pathlib import Path
from unittest.mock import ANY

import pytest
from tests.homes import add_bundle, manifest

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
def test_a_module_is_described_with_its_manifest_and_files(client):
    module = client.get(URL).json

    assert (module["id"], module["title"], module["job_id"]) == (ID, "3", None)
    assert module["manifest"]["measures"]["module"]["retained_ratio"] == 0.2
    assert module["files"][0]["download_url"] == f"{URL}/download?format=onnx"


@pytest.mark.usefixtures("bundle")
def test_modules_are_listed(client):
    page = client.get("/api/v1/modules").json

    assert ([m["id"] for m in page["items"]], page["total"], page["next_cursor"]) == ([ID], 1, None)


@pytest.mark.usefixtures("bundle")
def test_a_download_is_an_attachment_with_its_hash_as_etag(client):
    answer = client.get(f"{URL}/download?format=onnx")

    assert answer.data == b"the onnx file"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(b"the onnx file").hexdigest()}"'
    assert answer.headers["Content-Disposition"] == f"attachment; filename={ID}.onnx"


@pytest.mark.usefixtures("bundle")
def test_part_of_a_file_can_be_asked_for(client):
    answer = client.get(f"{URL}/download?format=onnx", headers={"Range": "bytes=4-7"})

    assert (answer.status_code, answer.data) == (206, b"onnx")


@pytest.mark.usefixtures("bundle")
def test_a_file_that_one_has_already_is_not_sent_again(client):
    etag = client.get(f"{URL}/download?format=onnx").headers["ETag"]

    answer = client.get(f"{URL}/download?format=onnx", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.usefixtures("bundle")
def test_the_archive_holds_the_bundle(client):
    answer = client.get(f"{URL}/download?format=zip")

    assert answer.headers["Content-Disposition"] == f"attachment; filename={ID}.zip"
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert f"{ID}/manifest.json" in names


def test_a_file_that_was_deleted_from_disk_is_gone(client, bundle: Path):
    (bundle / "module.onnx").unlink()

    answer = client.get(f"{URL}/download?format=onnx")

    assert (answer.status_code, answer.content_type) == (410, "application/problem+json")
    assert "make the module again" in answer.json["detail"]


@pytest.mark.usefixtures("bundle")
def test_an_unknown_format_is_refused_naming_the_known_ones(client):
    answer = client.get(f"{URL}/download?format=exe")

    assert answer.status_code == 422
    assert "'onnx'" in answer.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "hostile", ["..", "%2e%2e", "..%2f..%2fetc", "%00", "a" * 5000, "' or 1=1 --"]
)
def test_hostile_ids_are_not_found(client, hostile: str):
    answer = client.get(f"/api/v1/modules/{hostile}/download?format=manifest")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_a_deleted_module_is_gone_from_list_and_disk(client, bundle: Path):
    assert client.delete(URL).status_code == 204

    assert client.get(URL).status_code == 404
    assert not bundle.exists()


@pytest.mark.usefixtures("bundle")
def test_similar_modules_are_sent_as_cards(client, services: Services, home: Home):
    other = manifest("toy-8-ffffffff")
    add_bundle(home, "toy-8-ffffffff", target=other["target"] | {"classes": ["8"]})
    adopt_bundles(home, services.stores.modules)

    similar = client.get(f"{URL}/similar").json

    assert similar["same_target"] == {"items": [], "total": 0}
    assert [card["module_id"] for card in similar["same_model"]["items"]] == ["toy-8-ffffffff"]
    assert client.get("/api/v1/modules/nope/similar").status_code == 404


@pytest.mark.usefixtures("bundle")
def test_siblings_are_sent_as_modules(client, services: Services, home: Home):
    add_bundle(home, "toy-3-ffffffff")
    adopt_bundles(home, services.stores.modules)

    (sibling,) = client.get(f"{URL}/siblings").json["items"]

    assert sibling["id"] == "toy-3-ffffffff"


@pytest.mark.usefixtures("bundle")
def test_a_module_that_a_job_needs_is_not_deleted_and_the_problem_names_the_job(client):
    job = client.post("/api/v1/evaluate", json={"module": ID}).json["id"]

    refused = client.delete(URL)

    assert (refused.status_code, refused.content_type) == (409, "application/problem+json")
    assert f"job {job}" in refused.json["detail"]
    assert client.get(f"{URL}/uses").json["jobs"] == [{"id": job, "title": ANY}]
    client.post(f"/api/v1/jobs/{job}/cancel")
    assert client.delete(URL).status_code == 204


def test_the_graphs_of_a_module_are_sent_as_nodes_and_edges(client, bundle: Path):
    node = {"name": "conv", "kind": "Conv", "shape": [4, 8, 8], "parameters": 112, "macs": 6912}
    weights = {"weights_total": 112, "weights_kept": 56}
    network = {"nodes": [node | weights], "edges": [{"source": 0, "target": 0}]}
    (bundle / "graph.json").write_text(json.dumps({"original": network, "module": network}))

    assert client.get(f"{URL}/graph").json == {"original": network, "module": network}


@pytest.mark.usefixtures("bundle")
def test_a_module_without_graphs_says_so(client):
    answer = client.get(f"{URL}/graph")

    assert (answer.status_code, answer.content_type) == (410, "application/problem+json")

from io import BytesIO

import numpy as np
from tests.api.conftest import UPLOAD_LIMIT_BYTES

from modelfoundry.settings import Home


def test_models_are_listed_and_described(client):
    names = [model["name"] for model in client.get("/api/v1/models").json["items"]]

    assert "toy" in names
    assert client.get("/api/v1/models/toy").json["classes"] == list("0123456789")


def test_data_sets_say_whether_they_are_on_disk(client):
    by_name = {d["name"]: d for d in client.get("/api/v1/datasets").json["items"]}

    assert by_name["digits"]["on_disk"] is True
    assert by_name["cifar10"]["on_disk"] is False
    assert by_name["cifar10"]["how_to_get"] == "modelfoundry data get cifar10"
    assert client.get("/api/v1/datasets/digits").json == by_name["digits"]


def test_architectures_are_listed(client):
    names = [a["name"] for a in client.get("/api/v1/architectures").json["items"]]

    assert "resnet20" in names


def test_an_algorithm_comes_with_what_a_form_needs(client):
    seam, *_ = client.get("/api/v1/algorithms?model=toy&kind=binary").json["items"]

    assert seam["default_preset"] == "fast"
    assert seam["presets"][0]["settings"]["batch_size"] == 4
    assert seam["presets"][0]["settings"].keys() == seam["settings_schema"]["properties"].keys()
    assert seam["settings_schema"]["properties"]["epochs"]["maximum"] == 1000


def test_an_algorithm_without_a_model_has_no_presets(client):
    seam, *_ = client.get("/api/v1/algorithms").json["items"]

    assert (seam["presets"], seam["default_preset"]) == ([], None)


def arrays() -> BytesIO:
    file = BytesIO()
    np.savez(
        file,
        x=np.zeros((20, 8, 8, 3), dtype=np.uint8),
        y=np.array([0, 1] * 10),
        classes=np.array(["cat", "dog"]),
    )
    file.seek(0)
    return file


def test_a_data_set_can_be_uploaded(client, home: Home):
    answer = client.post(
        "/api/v1/datasets", data={"file": (arrays(), "../../pets.npz"), "name": "pets"}
    )

    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/datasets/pets")
    assert (answer.json["classes"], answer.json["on_disk"]) == (["cat", "dog"], True)
    assert list(home.uploads.iterdir()) == []  # nothing stays in quarantine


def test_an_upload_that_is_no_archive_of_arrays_is_refused(client, home: Home):
    answer = client.post(
        "/api/v1/datasets", data={"file": (BytesIO(b"nonsense"), "pets.npz"), "name": "pets"}
    )

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert list(home.uploads.iterdir()) == []


def test_everything_missing_from_an_upload_is_reported(client):
    answer = client.post("/api/v1/models", data={"title": "Mine"})

    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json["errors"]] == ["/name", "/dataset"]


def test_unknown_names_of_an_upload_are_answered_with_the_known_ones(client):
    form = {
        "file": (BytesIO(b""), "w.safetensors"),
        "name": "mine",
        "dataset": "nope",
        "architecture": "resnet21",
    }

    errors = client.post("/api/v1/models", data=form).json["errors"]

    assert [error["pointer"] for error in errors] == ["/dataset", "/architecture"]
    assert "known: " in errors[0]["message"]


def test_an_upload_over_the_limit_is_refused_naming_the_limit(client):
    large = BytesIO(bytes(UPLOAD_LIMIT_BYTES + 1))

    answer = client.post("/api/v1/datasets", data={"file": (large, "a.npz"), "name": "a"})

    assert answer.status_code == 413
    assert "the limit of 0.25 MB" in answer.json["detail"]


def test_groups_can_be_added_to_a_data_set_and_asked_for(client):
    answer = client.put("/api/v1/datasets/digits/groups", json={"groups": {"primes": ["2", "3"]}})

    assert answer.status_code == 200
    assert answer.json["groups"][-1] == {"name": "primes", "classes": ["2", "3"]}
    target = {"group": "primes"}
    planned = client.post(
        "/api/v1/modularize?dry_run=true", json={"model": "toy", "target": target}
    )
    assert planned.json["plan"]["target"]["classes"] == ["2", "3"]


def test_groups_that_cannot_be_are_refused_with_all_faults(client):
    groups = {"one": ["1"], "strange": ["1", "eleven"], "even": ["1", "2"]}

    answer = client.put("/api/v1/datasets/digits/groups", json={"groups": groups})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [
        "/groups/one",
        "/groups/strange",
        "/groups/even",
    ]


def test_architectures_of_the_libraries_are_found_by_words(client):
    found = client.get("/api/v1/architectures?q=torchvision vit_b_16").json["items"]
    assert [(a["name"], a["smallest_side"]) for a in found] == [("torchvision/vit_b_16", None)]

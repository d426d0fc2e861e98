import io
import zipfile

import numpy as np
import pytest
from PIL import Image
from tests.api.conftest import UPLOAD_LIMIT_BYTES

from modelfoundry.bootstrap import Services
from modelfoundry.services.tokens import NewToken
from modelfoundry.settings import Home

WHITE, BLACK = "white", "black"


def image_zip(*spoiled: str) -> bytes:
    """Pack five white and five black images of 8 x 8, and files that are none."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for colour in (WHITE, BLACK):
            image = io.BytesIO()
            Image.new("RGB", (8, 8), colour).save(image, "PNG")
            for number in range(5):
                archive.writestr(f"{colour}/{number}.png", image.getvalue())
        for name in spoiled:
            archive.writestr(name, "no image")
    return packed.getvalue()


def send(client, content: bytes, name: str = "pets.zip") -> str:
    """Upload a file in two pieces; gives the id of the upload."""
    begun = client.post("/api/v1/uploads", json={"name": name, "size_bytes": len(content)})
    url, middle = begun.headers["Location"], len(content) // 2
    for offset, piece in ((0, content[:middle]), (middle, content[middle:])):
        form = {"piece": (io.BytesIO(piece), "piece")}
        assert client.put(f"{url}?offset={offset}", data=form).status_code == 200
    return str(begun.json["id"])


def test_an_upload_tells_where_to_go_on(client):
    begun = client.post("/api/v1/uploads", json={"name": "pets.zip", "size_bytes": 6})
    url = begun.headers["Location"]

    first = client.put(f"{url}?offset=0", data={"piece": (io.BytesIO(b"abcd"), "piece")})
    again = client.put(f"{url}?offset=0", data={"piece": (io.BytesIO(b"abcd"), "piece")})

    assert (begun.status_code, begun.json["received_bytes"]) == (201, 0)
    assert (first.status_code, first.json["received_bytes"]) == (200, 4)
    assert (again.status_code, again.content_type) == (409, "application/problem+json")
    assert client.get(url).json["is_complete"] is False


def test_a_preview_shows_classes_samples_and_files_that_cannot_be_used(client, home: Home):
    upload = send(client, image_zip("white/notes.txt", "black/9.png"))

    preview = client.get(f"/api/v1/uploads/{upload}/dataset?size=8").json

    assert [(c["name"], c["num_train"], c["num_test"]) for c in preview["classes"]] == [
        (BLACK, 4, 1),
        (WHITE, 4, 1),
    ]
    assert len(preview["classes"][0]["samples"]) == 4
    assert preview["classes"][0]["samples"][0].startswith("data:image/png;base64,iVBOR")
    assert (preview["input_shape"], preview["is_split_made_up"]) == ([3, 8, 8], True)
    assert [f["path"] for f in preview["left_out"]] == ["white/notes.txt", "black/9.png"]
    assert not list(home.datasets.iterdir())  # it was only looked at


def test_files_are_left_out_only_if_that_was_said(client, home: Home):
    form = {"upload": send(client, image_zip("white/9.png")), "name": "pets", "size": "8"}

    refused = client.post("/api/v1/datasets", data=form)
    stored = client.post("/api/v1/datasets", data=form | {"leave_out": "true"})

    assert refused.status_code == 422
    assert "white/9.png (it is damaged" in refused.json["detail"]
    assert (stored.status_code, stored.json["num_train"]) == (201, 8)
    assert "1 files were left out" in stored.json["source"]
    assert list(home.uploads.iterdir()) == []  # used up


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../evil.zip", "evil.zip"),
        ("猫.zip", "猫.zip"),
        ("a\x1b[2J\u202eb.zip", "a[2Jb.zip"),
        ("猫" * 200 + ".zip", "猫" * 56 + ".zip"),
    ],
    ids=["folders", "Chinese", "control characters", "long"],
)
def test_a_file_sent_at_once_keeps_its_name_as_far_as_it_can(client, sent: str, kept: str):
    form = {"name": "cats", "file": (io.BytesIO(image_zip()), sent)}

    added = client.post("/api/v1/datasets", data=form)

    assert added.status_code == 201
    assert added.json["source"].startswith(f"Imported from {kept}. ")


def test_a_refused_name_leaves_the_upload_to_be_used_under_another(client):
    upload = send(client, image_zip())

    refused = client.post("/api/v1/datasets", data={"upload": upload, "name": "../pets"})
    stored = client.post("/api/v1/datasets", data={"upload": upload, "name": "pets"})

    assert refused.json["errors"][0]["pointer"] == "/name"
    assert stored.status_code == 201


def test_a_cancelled_upload_leaves_nothing(client, home: Home):
    upload = send(client, image_zip())

    assert client.delete(f"/api/v1/uploads/{upload}").status_code == 204

    assert list(home.uploads.iterdir()) == []
    assert client.get(f"/api/v1/uploads/{upload}").status_code == 404


def test_a_file_over_the_limit_is_refused_when_it_is_announced(client):
    new = {"name": "pets.zip", "size_bytes": UPLOAD_LIMIT_BYTES + 1}

    answer = client.post("/api/v1/uploads", json=new)

    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


@pytest.mark.parametrize(("path", "more"), [("datasets", {}), ("models", {"dataset": "digits"})])
def test_a_form_without_file_and_upload_says_so(client, path: str, more: dict[str, str]):
    answer = client.post(f"/api/v1/{path}", data={"name": "mine"} | more)

    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json["errors"]] == ["/file"]


def test_what_holds_pickled_objects_is_refused_when_it_is_looked_at(client):
    file = io.BytesIO()
    np.savez(file, x=np.array([{"a": 1}], dtype=object), y=np.array([0]))
    upload = send(client, file.getvalue(), "evil.npz")

    answer = client.get(f"/api/v1/uploads/{upload}/dataset")

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert "pickled Python objects, which are never loaded" in answer.json["detail"]


def test_whoever_may_submit_may_cancel_an_upload_but_not_delete_a_data_set(
    guarded, services: Services
):
    secret = services.tokens.create(NewToken(name="mine", scope="submit")).secret
    headers = {"Authorization": f"Bearer {secret}"}
    new = {"name": "pets.zip", "size_bytes": 6}
    url = guarded.post("/api/v1/uploads", json=new, headers=headers).headers["Location"]

    assert guarded.delete(url, headers=headers).status_code == 204
    assert guarded.delete("/api/v1/datasets/digits", headers=headers).status_code == 403


def test_a_data_set_and_a_model_are_deleted(client, home: Home):
    form = {"upload": send(client, image_zip()), "name": "pets"}
    assert client.post("/api/v1/datasets", data=form).json["size_bytes"] > 10 * 3 * 32 * 32

    assert client.delete("/api/v1/datasets/pets").status_code == 204
    assert client.delete("/api/v1/models/toy").status_code == 204

    assert client.get("/api/v1/datasets/pets").status_code == 404
    assert list(home.models.iterdir()) == []
    assert client.delete("/api/v1/datasets/digits").status_code == 409


@pytest.mark.parametrize("path", ["datasets", "models", "modules", "uploads"])
def test_a_body_of_another_kind_is_a_problem(client, path: str):
    answer = client.post(f"/api/v1/{path}", data=b"<xml/>", content_type="application/xml")

    assert answer.status_code in (415, 422)
    assert answer.content_type == "application/problem+json"

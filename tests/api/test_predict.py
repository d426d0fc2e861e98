import io
import math
from pathlib import Path

import httpx
import pytest
from PIL import Image
from tests.homes import add_bundle, add_model
from tests.networks import mean_network

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services
from modelfoundry.client import Client
from modelfoundry.export.networks import keep_network, network_key
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.settings import Home

ID = "toy-3-0a1b2c3d"
URL = f"/api/v1/modules/{ID}/predict"
PROBLEM = "application/problem+json"
SURE = math.e / (math.e + 1)  # softmax of (1, 0)


def picture(colour: str = "white", size: tuple[int, int] = (4, 4)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    return stream.getvalue()


def form(content: bytes, name: str = "photo.png") -> dict[str, object]:
    return {"data": {"file": (io.BytesIO(content), name)}}


@pytest.fixture
def bundle(services: Services, home: Home) -> Path:
    """A module that takes red for 3, and the toy network it was cut from, which looks for 7."""
    card = add_model(home, "wide", input_shape=(3, 4, 4))
    sevens = [[0, 0, 0]] * 7 + [[0, 0, 5]] + [[0, 0, 0]] * 2
    keep_network(home, card, mean_network(sevens))
    folder = add_bundle(home, ID, original_network=network_key(card))
    (folder / "module.onnx").write_bytes(mean_network([[1, 0, 0], [0, 0, 0]]))
    adopt_bundles(home, services.stores.modules)
    return folder


@pytest.mark.usefixtures("bundle")
def test_module_and_original_answer_side_by_side(client):
    prediction = client.post(URL, **form(picture())).json

    module, original = prediction["answers"]
    assert (module["role"], module["name"]) == ("module", ID)
    assert [score["label"] for score in module["scores"]] == ["3", "not 3"]
    assert module["scores"][0]["probability"] == pytest.approx(SURE)
    assert (original["role"], original["scores"][0]["label"]) == ("original", "7")
    assert original["latency_ms"] > 0
    assert prediction["picture_url"].startswith("data:image/png;base64,")


@pytest.mark.usefixtures("bundle")
def test_the_original_is_left_out_on_request(client):
    answers = client.post(f"{URL}?original=false", **form(picture())).json["answers"]

    assert [answer["role"] for answer in answers] == ["module"]


@pytest.mark.usefixtures("bundle")
def test_the_body_may_be_the_image_itself(client):
    answer = client.post(URL, data=picture("blue"), content_type="image/png")

    assert answer.json["answers"][0]["scores"][0]["probability"] == pytest.approx(0.5)


def test_a_network_that_was_replaced_is_read_anew(client, bundle: Path):
    client.post(URL, **form(picture()))
    (bundle / "module.onnx").write_bytes(mean_network([[-1, 0, 0], [0, 0, 0]]))

    scores = client.post(URL, **form(picture())).json["answers"][0]["scores"]

    assert scores[0]["label"] == "not 3"


@pytest.mark.usefixtures("bundle")
def test_a_model_answers_by_itself(client):
    answer = client.post("/api/v1/models/wide/predict", **form(picture())).json["answers"]

    assert [(each["role"], each["scores"][0]["label"]) for each in answer] == [("model", "7")]


def test_a_model_that_is_no_file_yet_says_how_to_write_it(client):
    answer = client.post("/api/v1/models/toy/predict", **form(picture()))

    assert (answer.status_code, answer.content_type) == (409, PROBLEM)
    assert "POST /api/v1/models/toy/network" in answer.json["detail"]


@pytest.mark.usefixtures("bundle")
def test_the_original_can_be_downloaded(client, home: Home):
    key = client.get(f"/api/v1/modules/{ID}").json["manifest"]["original_network"]
    network = client.get(f"/api/v1/networks/{key}").json

    content = client.get(network["onnx_url"]).data

    assert content == (home.networks / key / "network.onnx").read_bytes()
    assert (network["outputs"][7], network["input_shape"]) == ("7", [3, 4, 4])


@pytest.mark.parametrize("key", ["0" * 32, "..", "%2e%2e%2fmodels", "%00", "a" * 5000])
def test_networks_that_are_not_kept_are_said_to_be_gone(client, key: str):
    answer = client.get(f"/api/v1/networks/{key}")

    assert answer.status_code in {404, 410}
    assert answer.content_type == PROBLEM


@pytest.mark.usefixtures("bundle")
@pytest.mark.parametrize(
    ("content", "told"),
    [(b"not an image", "no image"), (picture()[:50], "truncated"), (b"", "no image")],
    ids=["text", "truncated", "empty"],
)
def test_what_is_no_picture_is_refused_by_its_name(client, content: bytes, told: str):
    answer = client.post(URL, **form(content, "cat <b>.png"))

    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    assert answer.json["detail"].startswith("cat <b>.png")
    assert told in answer.json["detail"]


@pytest.mark.usefixtures("bundle")
@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/json", b"{}"), ("text/plain", b"x"), ("", b"x"), ("multipart/form-data", b"x")],
)
def test_another_content_type_is_refused_naming_the_right_ones(client, content_type, body):
    answer = client.post(URL, data=body, content_type=content_type)

    assert (answer.status_code, answer.content_type) in {(415, PROBLEM), (422, PROBLEM)}
    assert "file" in answer.json["detail"]


@pytest.mark.usefixtures("bundle")
def test_a_body_over_the_limit_is_refused_before_it_is_read(client):
    answer = client.post(URL, data=b"x" * (33 * 2**20), content_type="image/png")

    assert (answer.status_code, answer.content_type) == (413, PROBLEM)


@pytest.mark.usefixtures("bundle")
def test_a_file_of_the_module_that_is_not_here_is_gone(client):
    answer = client.post(f"{URL}?format=int8", **form(picture()))

    assert answer.status_code == 410
    assert "modelfoundry modules quantize" in answer.json["detail"]


@pytest.mark.usefixtures("bundle")
def test_the_python_client_asks_too(services: Services, tmp_path: Path):
    path = tmp_path / "photo.png"
    path.write_bytes(picture())
    transport = httpx.WSGITransport(create_app(services))
    with Client("http://127.0.0.1", transport=transport) as client:
        prediction = client.predict(ID, path)

    assert prediction["file"] == "photo.png"
    assert prediction["answers"][0]["scores"][0]["label"] == "3"

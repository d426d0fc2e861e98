import io

import numpy as np
import pytest
from PIL import Image

from modelfoundry.data.digits import load
from modelfoundry.settings import Home

URL = "/api/v1/datasets/digits/test-images"


def test_test_images_are_drawn_of_each_class_in_turn(client):
    drawn = client.get(f"{URL}?class=3&class=8&limit=4").json["items"]

    assert [sample["label"] for sample in drawn] == ["3", "8", "3", "8"]
    assert len({sample["index"] for sample in drawn}) == 4


def test_the_seed_decides_which_are_drawn(client):
    first, again, other = (
        client.get(f"{URL}?class=3&seed={seed}").json["items"] for seed in (0, 0, 1)
    )

    assert first == again != other


def test_a_test_image_is_sent_as_it_is(client, home: Home):
    sent = client.get(f"{URL}/7").data

    pixels = np.asarray(Image.open(io.BytesIO(sent))).transpose(2, 0, 1)
    assert (pixels == load(home).test.take(np.array([7])).images[0]).all()


def test_a_test_image_that_one_has_already_is_not_sent_again(client):
    etag = client.get(f"{URL}/7").headers["ETag"]

    assert client.get(f"{URL}/7", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{URL}?class=nine", 404),
        (f"{URL}/359", 404),
        (f"{URL}/99999999999999999999999", 404),
        (f"{URL}?limit=0", 422),
        ("/api/v1/datasets/nope/test-images", 404),
        ("/api/v1/datasets/cifar10/test-images", 422),
    ],
    ids=["class", "place", "far", "none", "data set", "not on disk"],
)
def test_what_is_not_there_is_a_problem(client, path: str, status: int):
    answer = client.get(path)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")

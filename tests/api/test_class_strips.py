import io

import pytest
from PIL import Image

ADDRESS = "/api/v1/datasets/digits/classes/3/samples"


def test_a_class_shows_six_training_images_side_by_side(client):
    answer = client.get(ADDRESS)

    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert Image.open(io.BytesIO(answer.data)).size == (6 * 32 + 5 * 2, 32)


def test_a_strip_that_the_browser_has_is_not_sent_again(client):
    first = client.get(ADDRESS)

    again = client.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert "max-age" in first.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/datasets/digits/classes/ten/samples", 404),
        ("/api/v1/datasets/nope/classes/3/samples", 404),
        ("/api/v1/datasets/digits/classes/..%2F..%2Fetc/samples", 404),
        ("/api/v1/datasets/svhn/classes/3/samples", 422),
        (f"{ADDRESS}?count=9", 422),
    ],
)
def test_what_cannot_be_shown_is_said(client, address: str, status: int):
    answer = client.get(address)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")

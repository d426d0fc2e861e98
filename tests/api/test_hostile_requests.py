"""Requests that no client of ours makes are refused with a problem, quickly and whole."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.api.conftest import client_of
from tests.api.test_uploads import send

PROBLEM = "application/problem+json"
JOBS = "/api/v1/jobs"
DEEP = b'{"algorithm":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
ODD = [
    "",
    "\xff",
    "[",
    "[::1",
    "a b",
    "\t",
    "x" * 9000,
    "9" * 400,
    "-1",
    "http://[",
    "%00",
    "bytes=-",
]


def test_a_body_that_is_nested_without_end_is_refused(client):
    answer = client.post("/api/v1/modularize", data=DEEP, content_type="application/json")

    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    assert "nested too deeply" in answer.get_data(as_text=True)


@pytest.mark.parametrize("depth", [100, 500, 900, 990, 1500])
def test_a_body_that_is_nested_deeply_is_refused_too(client, depth: int):
    body = b'{"settings":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"

    answer = client.post("/api/v1/modularize", data=body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert answer.content_type == PROBLEM


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_number_that_no_browser_could_read_again_is_refused(client, number: str):
    body = f'{{"model":"toy","target":{{}},"settings":{{"alpha":{number}}}}}'

    answer = client.post("/api/v1/modularize", data=body, content_type="application/json")

    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    assert "such as NaN" in answer.get_data(as_text=True)


def test_a_body_of_far_too_much_json_is_refused_unread(services):
    large = replace(services, settings=replace(services.settings, upload_limit_bytes=2**29))
    body = b'{"name":"' + b"x" * 5 * 2**20 + b'"}'

    answer = client_of(large).post("/api/v1/tokens", data=body, content_type="application/json")

    assert (answer.status_code, answer.content_type) == (413, PROBLEM)
    assert "limit of 4 MB" in answer.get_data(as_text=True)


def test_a_body_of_unannounced_length_is_refused_where_it_passes_the_limit(services):
    large = replace(services, settings=replace(services.settings, upload_limit_bytes=2**29))
    body = io.BytesIO(b'{"name":"' + b"x" * 5 * 2**20 + b'"}')

    answer = client_of(large).post(
        "/api/v1/tokens",
        input_stream=body,
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert (answer.status_code, answer.content_type) == (413, PROBLEM)
    assert body.tell() <= 4 * 2**20


def test_a_wrong_value_of_any_length_is_answered_with_its_beginning(services):
    large = replace(services, settings=replace(services.settings, upload_limit_bytes=2**29))
    body = {"model": "m" * 2_000_000, "n" * 1_000_000: 1, "target": {}}

    answer = client_of(large).post("/api/v1/modularize", json=body)

    assert answer.status_code == 422
    assert len(answer.data) < 3_000
    assert "... (1,000,000 characters)" in answer.get_data(as_text=True)


def test_of_very_many_faults_the_first_are_listed(services):
    large = replace(services, settings=replace(services.settings, upload_limit_bytes=2**29))

    answer = client_of(large).post("/api/v1/sweeps", json={"models": [None] * 50_000})

    assert answer.status_code == 422
    assert len(answer.get_json()["errors"]) == 101
    assert answer.get_json()["errors"][-1]["message"].startswith("49,901 more values are wrong")


@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize(
    "header",
    [
        "Host",
        "Origin",
        "Authorization",
        "Cookie",
        "Range",
        "If-None-Match",
        "If-Range",
        "Idempotency-Key",
        "Last-Event-ID",
        "Accept",
        "X-Request-Id",
        "X-Forwarded-Proto",
    ],
)
def test_an_odd_header_never_brings_a_failure(client, header: str, value: str):
    for_reading = client.get(JOBS, headers={header: value})
    for_writing = client.post(f"{JOBS}/cancel", json={"ids": []}, headers={header: value})

    assert for_reading.status_code < 500
    assert for_writing.status_code < 500


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xff",
        "application/json; charset=nonsense",
        "application/x-www-form-urlencoded",
        ";",
        "a/b/c",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/datasets", "/api/v1/models", "/api/v1/uploads"])
def test_an_odd_content_type_is_refused(client, path: str, content_type: str):
    answer = client.post(path, data=b"--\r\n\r\nx", content_type=content_type)

    assert 400 <= answer.status_code < 500
    assert answer.content_type == PROBLEM


def npz_with_classes(path: Path, classes: np.ndarray) -> bytes:
    labels = np.repeat(np.arange(2), 6)
    np.savez(path, x=np.zeros((12, 8, 8, 3), np.uint8), y=labels, classes=classes)
    return path.read_bytes()


def beyond_unicode() -> np.ndarray:
    return np.array([0x110000, ord("b")], dtype="<u4").view("<U1")


@pytest.mark.parametrize(
    "classes",
    [
        np.array(["a", "a"]),
        np.array(["", "b"]),
        np.array(["a\x00b", "b"]),
        np.array(["a\nb", "b"]),
        np.array(["\ud800", "b"]),
        np.array(["x" * 9000, "b"]),
        beyond_unicode(),
    ],
    ids=["twice", "empty", "null", "line break", "surrogate", "long", "beyond Unicode"],
)
def test_class_names_that_cannot_be_shown_are_refused(client, tmp_path: Path, classes: np.ndarray):
    upload = send(client, npz_with_classes(tmp_path / "x.npz", classes), "x.npz")

    looked = client.get(f"/api/v1/uploads/{upload}/dataset")
    stored = client.post("/api/v1/datasets", data={"upload": upload, "name": "odd"})

    assert (looked.status_code, stored.status_code) == (422, 422)
    assert "class" in stored.json["detail"]


def test_a_form_of_many_thousand_fields_is_refused(client):
    form = {f"field{number}": "x" for number in range(5000)}

    answer = client.post("/api/v1/datasets", data=form)

    assert 400 <= answer.status_code < 500
    assert answer.content_type == PROBLEM


@pytest.mark.parametrize("offset", ["-1", "1e3", str(2**70), "x", ""])
def test_a_piece_for_a_place_that_no_file_has_is_refused(client, offset: str):
    begun = client.post("/api/v1/uploads", json={"name": "a.zip", "size_bytes": 6})

    answer = client.put(
        f"{begun.headers['Location']}?offset={offset}",
        data={"piece": (io.BytesIO(b"abc"), "piece")},
    )

    assert answer.status_code in (409, 422)
    assert client.get(begun.headers["Location"]).json["received_bytes"] == 0

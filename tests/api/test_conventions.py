"""What all lists, all submissions and all files of the API have in common."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.api.conftest import client_of
from tests.homes import add_bundle, add_model
from tests.pools import add_pool

from modelfoundry.bootstrap import build_services
from modelfoundry.settings import Home, Settings

ID = "toy-3-4e5f6071"
LISTS = ["/api/v1/cards", "/api/v1/jobs", "/api/v1/modules", "/api/v1/sweeps"]
SUBMISSIONS: dict[str, dict[str, Any]] = {
    "/api/v1/modularize": {"model": "toy", "target": {"classes": ["3"]}},
    "/api/v1/evaluate": {"model": "toy"},
    "/api/v1/train": {"name": "mine", "architecture": "simcnn-w0.25", "dataset": "digits"},
    "/api/v1/reuse": {"method": "more-accurate", "pool": {"models": ["toy"]}},
    "/api/v1/sweeps": {"models": ["toy"], "targets": [{"classes": ["3"]}]},
    "/api/v1/estimators": {
        "architectures": ["simcnn-w0.25"],
        "dataset": "digits",
        "subset_seeds": [1],
    },
}
# The same, but for something that the check lets pass.
CHANGES: dict[str, dict[str, Any]] = {
    "/api/v1/modularize": {"target": {"classes": ["4"]}},
    "/api/v1/evaluate": {"model": "cnn-digits"},
    "/api/v1/train": {"epochs": 3},
    "/api/v1/reuse": {"rule": "greedy"},
    "/api/v1/sweeps": {"seeds": [5]},
    "/api/v1/estimators": {"subset_seeds": [2]},
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of a server with several of everything that is listed."""
    home = Home(tmp_path_factory.mktemp("home"))
    add_model(home)
    add_bundle(home, ID)
    add_pool(home)
    services = build_services(Settings(home=home))
    client = client_of(services)
    for seed in (1, 2, 3):
        client.post("/api/v1/sweeps", json=SUBMISSIONS["/api/v1/sweeps"] | {"seeds": [seed]})
    return client


def walk(client: FlaskClient, path: str, limit: int) -> list[str]:
    """Follow the cursors of a list from its first page to its last, and give the ids."""
    ids: list[str] = []
    page: Any = {"next_cursor": None}
    while not ids or page["next_cursor"]:
        cursor = {"cursor": page["next_cursor"]} if ids else {}
        page = client.get(path, query_string={"limit": limit} | cursor).json
        ids += [item["id"] for item in page["items"]]
    return ids


@pytest.mark.parametrize("path", LISTS)
def test_pages_hold_every_item_once_and_in_the_order_of_the_whole(client: FlaskClient, path: str):
    whole = walk(client, path, 100)

    assert len(whole) > 2
    assert walk(client, path, 2) == whole


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"colour": "red"}], ids=str
)
def test_a_page_that_makes_no_sense_is_refused(client: FlaskClient, path: str, query: Any):
    answer = client.get(path, query_string=query)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.get_json()["errors"]] == [f"/{next(iter(query))}"]


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_that_nobody_was_given_is_no_failure(client: FlaskClient, path: str):
    assert client.get(path, query_string={"cursor": "made up"}).status_code in (200, 422)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("other", LISTS)
def test_a_cursor_is_of_one_list_only(client: FlaskClient, path: str, other: str):
    cursor = client.get(other, query_string={"limit": 1}).get_json()["next_cursor"]

    answer = client.get(path, query_string={"cursor": cursor})

    assert answer.status_code == (200 if path == other else 422)


def sent(client: FlaskClient, path: str, key: str, **changes: Any) -> Any:
    body = SUBMISSIONS[path] | changes
    return client.post(path, json=body, headers={"Idempotency-Key": f"{path} {key}"})


@pytest.mark.parametrize("path", SUBMISSIONS)
def test_the_same_request_under_one_key_is_done_once(client: FlaskClient, path: str):
    first, second = sent(client, path, "once"), sent(client, path, "once")

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json["id"] == second.json["id"]
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.parametrize("path", SUBMISSIONS)
def test_another_request_under_the_same_key_is_refused(client: FlaskClient, path: str):
    sent(client, path, "twice")

    refused = sent(client, path, "twice", **CHANGES[path])

    assert (refused.status_code, refused.content_type) == (409, "application/problem+json")


@pytest.mark.parametrize("format_", ["onnx", "manifest", "zip"])
def test_a_file_that_is_known_already_is_not_sent_again(client: FlaskClient, format_: str):
    url = f"/api/v1/modules/{ID}/download?format={format_}"
    etag = client.get(url).headers["ETag"]

    again = client.get(url, headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("format_", ["onnx", "manifest", "zip"])
def test_a_part_of_a_file_can_be_asked_for(client: FlaskClient, format_: str):
    url = f"/api/v1/modules/{ID}/download?format={format_}"
    whole = client.get(url)

    rest = client.get(url, headers={"Range": "bytes=4-", "If-Range": whole.headers["ETag"]})
    stale = client.get(url, headers={"Range": "bytes=4-", "If-Range": '"another"'})
    beyond = client.get(url, headers={"Range": "bytes=999999999-"})

    assert (rest.status_code, rest.data) == (206, whole.data[4:])
    assert (stale.status_code, stale.data) == (200, whole.data)
    assert (beyond.status_code, beyond.content_type) == (416, "application/problem+json")

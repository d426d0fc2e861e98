from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services
from modelfoundry.client import Client, ProblemError
from modelfoundry.jobs.model import utc_now
from modelfoundry.jobs.token_store import Scope
from modelfoundry.services.tokens import NewToken, TokenService

WANTED = {"model": "toy", "target": {"classes": ["3"]}}
Bearer = Callable[[Scope], dict[str, str]]


@pytest.fixture
def bearer(services: Services) -> Bearer:
    """Make the header of a new token."""

    def bearer(scope: Scope) -> dict[str, str]:
        return header(services.tokens.create(NewToken(name="mine", scope=scope)).secret)

    return bearer


def header(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/", "/docs", "/api/v1/docs", "/api/v1/openapi.json"]
)
def test_whoever_asks_may_see_that_the_server_lives_and_how_to_log_in(guarded, path: str):
    assert guarded.get(path).status_code in (200, 302)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/cards"),
        ("GET", "/api/v1/jobs"),
        ("GET", "/api/v1/jobs/a/events"),
        ("GET", "/api/v1/modules/a/download?format=onnx"),
        ("GET", "/api/v1/tokens"),
        ("POST", "/api/v1/tokens"),
        ("POST", "/api/v1/modularize"),
        ("DELETE", "/api/v1/modules/a"),
        ("HEAD", "/api/v1/cards"),
    ],
)
def test_without_a_token_nothing_is_told_or_done(guarded, method: str, path: str):
    refused = guarded.open(path, method=method)

    assert (refused.status_code, refused.content_type) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer realm=")


@pytest.mark.parametrize(
    "given",
    ["Bearer", "Bearer ", "Bearer mf_unknown", "Basic bWY6bWY=", "mf_unknown", "Bearer \x7f;"],
)
def test_a_malformed_or_foreign_token_is_no_token(guarded, given: str):
    assert guarded.get("/api/v1/cards", headers={"Authorization": given}).status_code == 401


def test_an_expired_token_is_refused(services: Services):
    late = TokenService(services.stores.tokens, now=lambda: utc_now() + timedelta(days=1))
    settings = replace(services.settings, login="required")
    guarded = create_app(replace(services, settings=settings, tokens=late)).test_client()
    secret = services.tokens.create(NewToken(name="a", expires_days=1)).secret

    assert guarded.get("/api/v1/cards", headers=header(secret)).status_code == 401


def test_a_revoked_token_is_refused_at_once(guarded, services: Services):
    issued = services.tokens.create(NewToken(name="a"))
    assert guarded.get("/api/v1/cards", headers=header(issued.secret)).status_code == 200

    services.tokens.revoke(issued.token.id)

    assert guarded.get("/api/v1/cards", headers=header(issued.secret)).status_code == 401


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [
        ("read", [200, 403, 403, 403]),
        ("submit", [200, 202, 403, 403]),
        ("admin", [200, 202, 404, 201]),
    ],
)
def test_a_token_may_do_what_its_scope_says(
    guarded, bearer: Bearer, scope: Scope, statuses: list[int]
):
    mine = bearer(scope)

    answers = [
        guarded.get("/api/v1/cards", headers=mine),
        guarded.post("/api/v1/modularize", json=WANTED, headers=mine),
        guarded.delete("/api/v1/modules/nope", headers=mine),
        guarded.post("/api/v1/tokens", json={"name": "another"}, headers=mine),
    ]

    assert [answer.status_code for answer in answers] == statuses


def test_a_token_of_too_little_scope_is_told_which_it_needs(guarded, bearer: Bearer):
    refused = guarded.post("/api/v1/modularize", json=WANTED, headers=bearer("read"))

    assert refused.json["detail"] == "the token 'mine' allows read; this needs submit"
    assert refused.content_type == "application/problem+json"


def test_a_secret_is_shown_once(guarded, bearer: Bearer):
    admin = bearer("admin")

    made = guarded.post("/api/v1/tokens", json={"name": "ci", "expires_days": 30}, headers=admin)

    secret = made.json["secret"]
    assert guarded.get("/api/v1/cards", headers=header(secret)).status_code == 200
    listed = guarded.get("/api/v1/tokens", headers=admin)
    assert secret not in listed.get_data(as_text=True)
    assert {token["name"] for token in listed.json["items"]} == {"ci", "mine"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": "  "}, "/name"),
        ({"name": "a", "scope": "root"}, "/scope"),
        ({"name": "a", "expires_days": 0}, "/expires_days"),
        ({"name": "a", "secret": "mine"}, "/secret"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(client, body: dict[str, object], pointer: str):
    refused = client.post("/api/v1/tokens", json=body)

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "192.168.0.7"]
)
def test_where_no_login_is_needed_addresses_and_localhost_are_answered(client, host: str):
    assert client.get("/api/v1/cards", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", ""]
)
def test_a_name_that_a_stranger_has_pointed_here_is_refused(client, host: str):
    assert client.get("/api/v1/cards", headers={"Host": host}).status_code in (400, 403)


def test_a_name_that_was_configured_is_answered(services: Services):
    settings = replace(services.settings, hosts=("lab.example",))
    client = create_app(replace(services, settings=settings)).test_client()

    assert client.get("/api/v1/cards", headers={"Host": "lab.example"}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:9999", "http://127.0.0.1"]
)
def test_a_foreign_page_may_change_nothing(client, origin: str):
    refused = client.post("/api/v1/modularize", json=WANTED, headers={"Origin": origin})

    assert (refused.status_code, refused.content_type) == (403, "application/problem+json")


def test_our_own_page_may(client):
    mine = {"Origin": "http://localhost:8000", "Host": "localhost:8000"}

    assert client.post("/api/v1/modularize", json=WANTED, headers=mine).status_code == 202


def test_the_python_client_shows_its_token(services: Services):
    settings = replace(services.settings, login="required")
    transport = httpx.WSGITransport(create_app(replace(services, settings=settings)))
    secret = services.tokens.create(NewToken(name="a")).secret

    with Client(token=secret, transport=transport) as client:
        assert "toy" in [model["name"] for model in client.models()]
    with Client(transport=transport) as stranger, pytest.raises(ProblemError) as refused:
        stranger.models()
    assert refused.value.status == 401

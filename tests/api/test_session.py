import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.token_store import Scope
from modelfoundry.services.tokens import NewToken

WANTED = {"model": "toy", "target": {"classes": ["3"]}}
CSRF = "X-CSRF-Token"


def log_in(client: FlaskClient, services: Services, scope: Scope = "submit") -> TestResponse:
    secret = services.tokens.create(NewToken(name="mine", scope=scope)).secret
    return client.post("/api/v1/session", json={"token": secret})


def csrf_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("modelfoundry_csrf")
    assert cookie is not None
    return cookie.value


def test_a_page_learns_that_it_has_to_log_in(guarded):
    session = guarded.get("/api/v1/session")

    assert session.json == {"login_required": True, "name": None, "scope": None}


def test_where_no_login_is_needed_a_page_may_do_everything(client):
    session = client.get("/api/v1/session")

    assert session.json == {"login_required": False, "name": None, "scope": "admin"}


def test_who_has_logged_in_may_read_and_is_known(guarded, services: Services):
    opened = log_in(guarded, services)

    assert opened.status_code == 201
    assert guarded.get("/api/v1/session").json == opened.json
    assert opened.json == {"login_required": True, "name": "mine", "scope": "submit"}
    assert guarded.get("/api/v1/cards").status_code == 200


def test_the_session_cannot_be_read_by_scripts_nor_sent_by_other_sites(guarded, services: Services):
    cookies = log_in(guarded, services).headers.getlist("Set-Cookie")

    session, csrf = cookies
    assert "HttpOnly" in session
    assert "HttpOnly" not in csrf
    assert ["SameSite=Strict" in cookie for cookie in cookies] == [True, True]


def test_behind_tls_the_cookies_are_for_tls_only(guarded, services: Services):
    secret = services.tokens.create(NewToken(name="mine")).secret

    opened = guarded.post(
        "/api/v1/session", json={"token": secret}, headers={"X-Forwarded-Proto": "https"}
    )

    cookies = opened.headers.getlist("Set-Cookie")
    assert ["Secure" in cookie for cookie in cookies] == [True, True]


def test_the_secret_of_the_token_is_not_in_the_cookie(guarded, services: Services):
    secret = services.tokens.create(NewToken(name="mine")).secret
    opened = guarded.post("/api/v1/session", json={"token": secret})

    assert secret not in str(opened.headers)


@pytest.mark.parametrize("token", ["", "mf_unknown", "x" * 200])
def test_who_has_no_token_is_not_let_in(guarded, token: str):
    refused = guarded.post("/api/v1/session", json={"token": token})

    assert (refused.status_code, refused.content_type) == (401, "application/problem+json")
    assert "Set-Cookie" not in refused.headers


@pytest.mark.parametrize("header", [{}, {CSRF: ""}, {CSRF: "0" * 64}, {CSRF: "ß"}])
def test_a_change_without_the_pages_own_word_is_refused(
    guarded, services: Services, header: dict[str, str]
):
    log_in(guarded, services)

    refused = guarded.post("/api/v1/modularize", json=WANTED, headers=header)

    assert (refused.status_code, refused.content_type) == (403, "application/problem+json")
    assert CSRF in refused.json["detail"]


def test_a_cookie_that_somebody_else_has_planted_is_not_the_pages_word(guarded, services: Services):
    log_in(guarded, services)
    guarded.set_cookie("modelfoundry_csrf", "planted")

    refused = guarded.post("/api/v1/modularize", json=WANTED, headers={CSRF: "planted"})

    assert refused.status_code == 403


def test_a_change_with_the_pages_own_word_is_made(guarded, services: Services):
    log_in(guarded, services)

    mine = {CSRF: csrf_cookie(guarded), "Origin": "http://localhost"}
    assert guarded.post("/api/v1/modularize", json=WANTED, headers=mine).status_code == 202


def test_a_foreign_page_is_refused_even_with_the_word(guarded, services: Services):
    log_in(guarded, services)

    foreign = {CSRF: csrf_cookie(guarded), "Origin": "https://evil.example"}
    assert guarded.post("/api/v1/modularize", json=WANTED, headers=foreign).status_code == 403


def test_who_has_logged_out_is_a_stranger_again(guarded, services: Services):
    log_in(guarded, services)
    session = guarded.get_cookie("modelfoundry_session")

    closed = guarded.delete("/api/v1/session", headers={CSRF: csrf_cookie(guarded)})

    assert closed.status_code == 204
    assert guarded.get_cookie("modelfoundry_session") is None
    guarded.set_cookie("modelfoundry_session", session.value)
    assert guarded.get("/api/v1/cards").status_code == 401


def test_event_streams_are_open_to_the_session(guarded, services: Services):
    log_in(guarded, services)
    mine = {CSRF: csrf_cookie(guarded)}
    job = guarded.post("/api/v1/modularize", json=WANTED, headers=mine).json["id"]
    guarded.post(f"/api/v1/jobs/{job}/cancel", headers=mine)

    stream = guarded.get(f"/api/v1/jobs/{job}/events", headers={"Accept": "text/event-stream"})

    assert stream.status_code == 200
    assert "cancelled" in stream.get_data(as_text=True)

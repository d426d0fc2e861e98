from dataclasses import replace

import pytest

from modelfoundry.api.app import create_app
from modelfoundry.api.limits import Allowance, RateLimiter
from modelfoundry.bootstrap import Services
from modelfoundry.services.tokens import NewToken


def test_what_is_left_shrinks_and_is_whole_again_in_the_next_minute():
    now = [125.0]
    limiter = RateLimiter(2, clock=lambda: now[0])

    assert [limiter.take("a").remaining for _ in range(3)] == [1, 0, -1]
    assert limiter.take("b") == Allowance(limit=2, remaining=1, resets_in_s=55)
    now[0] = 180.0
    assert limiter.take("a") == Allowance(limit=2, remaining=1, resets_in_s=60)


@pytest.fixture
def limited(services: Services):
    """A client that may ask twice in a minute."""
    settings = replace(services.settings, login="required", requests_per_minute=2)
    return create_app(replace(services, settings=settings)).test_client()


def bearer(services: Services) -> dict[str, str]:
    secret = services.tokens.create(NewToken(name="mine")).secret
    return {"Authorization": f"Bearer {secret}"}


def test_a_caller_is_told_what_is_left(limited, services: Services):
    answer = limited.get("/api/v1/cards", headers=bearer(services))

    assert answer.headers["RateLimit-Policy"] == '"requests";q=2;w=60'
    assert answer.headers["RateLimit"].startswith('"requests";r=1;t=')


def test_a_caller_beyond_the_limit_has_to_wait_and_others_have_not(limited, services: Services):
    mine, theirs = bearer(services), bearer(services)
    answers = [limited.get("/api/v1/models", headers=mine) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[2]
    assert refused.content_type == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"requests";r=0;t=')
    assert limited.get("/api/v1/models", headers=theirs).status_code == 200


def test_guessing_secrets_is_limited_by_address(limited):
    guesses = [{"Authorization": f"Bearer mf_{number}"} for number in range(3)]

    answers = [limited.get("/api/v1/models", headers=guess) for guess in guesses]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_health_is_never_limited(limited):
    assert [limited.get("/livez").status_code for _ in range(5)] == [200] * 5


def test_where_no_login_is_needed_nothing_is_limited(services: Services):
    settings = replace(services.settings, requests_per_minute=1)
    client = create_app(replace(services, settings=settings)).test_client()

    answers = [client.get("/api/v1/models") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit" not in answers[0].headers

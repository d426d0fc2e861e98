import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.database import open_database
from modelfoundry.jobs.token_store import SCOPES, Scope, TokenStore
from modelfoundry.services.tokens import NewToken, TokenService
from modelfoundry.settings import Home

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that the tests set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(open_database(Home(tmp_path).database_url))


@pytest.fixture
def tokens(store: TokenStore, clock: Clock) -> TokenService:
    return TokenService(store, now=clock)


def test_a_secret_is_random_and_finds_its_token(tokens: TokenService):
    first, second = tokens.create(NewToken(name="a")), tokens.create(NewToken(name="a"))

    assert first.secret != second.secret
    assert first.secret.startswith("mf_")
    assert len(first.secret) == 3 + 43  # 32 bytes in base64 without padding
    assert tokens.find(first.secret) == first.token


def test_of_a_secret_only_its_hash_is_kept(tokens: TokenService, tmp_path: Path):
    issued = tokens.create(NewToken(name="a"))

    with open_database(Home(tmp_path).database_url).connect() as connection:
        (row,) = connection.execute(text("select * from tokens")).mappings().all()
    assert row["secret_sha256"] == hashlib.sha256(issued.secret.encode()).hexdigest()
    assert issued.secret not in map(str, row.values())


@pytest.mark.parametrize("secret", ["", "mf_", "mf_unknown", "ß" * 1000, "' or 1=1 --"])
def test_a_secret_that_was_never_issued_finds_nothing(tokens: TokenService, secret: str):
    tokens.create(NewToken(name="a"))

    assert tokens.find(secret) is None


def test_a_token_holds_until_its_last_moment(tokens: TokenService, clock: Clock):
    secret = tokens.create(NewToken(name="a", expires_days=2)).secret

    clock.now = NOON + timedelta(days=2, seconds=-1)
    assert tokens.find(secret) is not None
    assert tokens.any_valid()
    clock.now = NOON + timedelta(days=2)
    assert tokens.find(secret) is None
    assert not tokens.any_valid()
    assert [token.name for token in tokens.all()] == ["a"]


def test_a_revoked_token_is_gone(tokens: TokenService):
    issued = tokens.create(NewToken(name="a"))

    tokens.revoke(issued.token.id)

    assert tokens.find(issued.secret) is None
    with pytest.raises(UnknownNameError):
        tokens.revoke(issued.token.id)


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [("read", [True, False, False]), ("submit", [True, True, False]), ("admin", [True] * 3)],
)
def test_a_scope_allows_what_lesser_scopes_allow(
    tokens: TokenService, scope: Scope, allowed: list[bool]
):
    token = tokens.create(NewToken(name="a", scope=scope)).token

    assert [token.allows(needed) for needed in SCOPES] == allowed


def test_the_last_use_is_noted_once_a_minute(tokens: TokenService, clock: Clock):
    secret = tokens.create(NewToken(name="a")).secret
    tokens.find(secret)
    clock.now = NOON + timedelta(seconds=59)
    tokens.find(secret)
    assert tokens.all()[0].last_used_at == NOON

    clock.now = NOON + timedelta(seconds=60)
    tokens.find(secret)
    assert tokens.all()[0].last_used_at == clock.now


def test_a_session_has_the_scope_of_its_token_and_is_not_listed(tokens: TokenService):
    issued = tokens.create(NewToken(name="a", scope="submit"))

    session = tokens.open_session(issued.secret)

    assert session is not None
    assert (session.token.scope, session.token.parent_id) == ("submit", issued.token.id)
    assert tokens.find(session.secret) == session.token
    assert [token.id for token in tokens.all()] == [issued.token.id]


@pytest.mark.parametrize(("expires_days", "holds_days"), [(None, 7), (30, 7), (2, 2)])
def test_a_session_ends_after_a_week_or_with_its_token(
    tokens: TokenService, expires_days: int | None, holds_days: int
):
    issued = tokens.create(NewToken(name="a", expires_days=expires_days))

    session = tokens.open_session(issued.secret)

    assert session is not None
    assert session.token.expires_at == NOON + timedelta(days=holds_days)


def test_a_session_opens_no_further_session(tokens: TokenService):
    session = tokens.open_session(tokens.create(NewToken(name="a")).secret)

    assert session is not None
    assert tokens.open_session(session.secret) is None


def test_a_session_ends_when_its_token_is_revoked(tokens: TokenService):
    issued = tokens.create(NewToken(name="a"))
    session = tokens.open_session(issued.secret)
    assert session is not None

    tokens.revoke(issued.token.id)

    assert tokens.find(session.secret) is None

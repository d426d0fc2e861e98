"""Who may call the API: make, list, check and revoke tokens; sessions of browsers."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.jobs.model import utc_now
from modelfoundry.jobs.token_store import Scope, Token, TokenStore

PREFIX = "mf_"
SECRET_BYTES = 32
NOTE_USE_EVERY = timedelta(minutes=1)  # so that reading does not mean writing each time
SESSION_HOLDS = timedelta(days=7)


class NewToken(BaseModel):
    """A token to make."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=100, description="What or whom it is for.")
    scope: Scope = Field(default="read", description="read < submit < admin.")
    expires_days: int | None = Field(
        default=None, ge=1, le=3650, description="Days that it holds; until revoked if absent."
    )


@dataclass(frozen=True)
class Issued:
    """A token and its secret, which is known only now."""

    token: Token
    secret: str


class TokenService:
    """The use cases around tokens. Secrets are random, so that a plain hash protects them."""

    def __init__(self, store: TokenStore, *, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._now = now

    def create(self, wanted: NewToken) -> Issued:
        """Make a token."""
        now = self._now()
        expires_at = now + timedelta(days=wanted.expires_days) if wanted.expires_days else None
        return self._issue(Token(_new_id(), wanted.name, wanted.scope, now, expires_at))

    def all(self) -> list[Token]:
        """List the tokens, newest first; expired ones too."""
        return self._store.all()

    def any_valid(self) -> bool:
        """Tell whether anybody could log in."""
        return any(not token.is_expired(self._now()) for token in self._store.all())

    def revoke(self, token_id: str) -> None:
        """End a token and the sessions opened with it; raises ``UnknownNameError``."""
        self._store.delete(token_id)

    def find(self, secret: str) -> Token | None:
        """Look up the token or session of a secret, and note that it was used.

        Returns:
            None for a secret that is unknown, revoked or expired.
        """
        token, now = self._store.find(_sha256(secret)), self._now()
        if token is None or token.is_expired(now):
            return None
        if token.last_used_at is None or now - token.last_used_at >= NOTE_USE_EVERY:
            self._store.note_use(token.id, now)
            if token.parent_id is not None:
                self._store.note_use(token.parent_id, now)
        return token

    def open_session(self, secret: str) -> Issued | None:
        """Open a browser's session with a token's secret; it ends no later than the token.

        Returns:
            None for a secret that is unknown, revoked, expired, or itself a session's.
        """
        parent, now = self.find(secret), self._now()
        if parent is None or parent.parent_id is not None:
            return None
        self._store.delete_expired(now)
        ends = now + SESSION_HOLDS
        ends = min(ends, parent.expires_at) if parent.expires_at else ends
        return self._issue(
            Token(_new_id(), parent.name, parent.scope, now, ends, parent_id=parent.id)
        )

    def _issue(self, token: Token) -> Issued:
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        self._store.add(token, secret_sha256=_sha256(secret))
        return Issued(token, secret)


def _new_id() -> str:
    return uuid4().hex[:12]


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

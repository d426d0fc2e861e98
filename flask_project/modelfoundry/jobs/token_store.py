"""API tokens in the database; of a secret only its hash."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.database import for_writing
from modelfoundry.jobs.tables import TokenRow

Scope = Literal["read", "submit", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""From the least to the most; each allows what those before it allow."""


@dataclass(frozen=True)
class Token:
    """The right to call the API.

    Attributes:
        expires_at: None for a token that holds until it is revoked.
        parent_id: The token that a browser has logged in with; None unless this is a session.
    """

    id: str
    name: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    parent_id: str | None = None

    def allows(self, scope: Scope) -> bool:
        """Tell whether this is enough for what needs a scope."""
        return SCOPES.index(self.scope) >= SCOPES.index(scope)

    def is_expired(self, now: datetime) -> bool:
        """Tell whether the token's time is over."""
        return self.expires_at is not None and self.expires_at <= now


class TokenStore:
    """Keeps tokens and the sessions that were opened with them."""

    def __init__(self, engine: Engine) -> None:
        self._readable = engine
        self._writable = for_writing(engine)

    def add(self, token: Token, *, secret_sha256: str) -> None:
        """Keep a new token."""
        with Session(self._writable) as session, session.begin():
            session.add(TokenRow(**vars(token), secret_sha256=secret_sha256))

    def find(self, secret_sha256: str) -> Token | None:
        """Look a token up by the hash of its secret."""
        with Session(self._readable) as session:
            row = session.scalar(select(TokenRow).where(TokenRow.secret_sha256 == secret_sha256))
            return None if row is None else _token_of_row(row)

    def all(self) -> list[Token]:
        """List the tokens, newest first, without sessions."""
        rows = select(TokenRow).where(TokenRow.parent_id.is_(None))
        with Session(self._readable) as session:
            newest_first = rows.order_by(TokenRow.created_at.desc(), TokenRow.id)
            return [_token_of_row(row) for row in session.scalars(newest_first)]

    def note_use(self, token_id: str, now: datetime) -> None:
        """Keep when a token was last used."""
        used = update(TokenRow).where(TokenRow.id == token_id).values(last_used_at=now)
        with Session(self._writable) as session, session.begin():
            session.execute(used)

    def delete(self, token_id: str) -> None:
        """Forget a token and its sessions; raises ``UnknownNameError``."""
        with Session(self._writable) as session, session.begin():
            row = session.get(TokenRow, token_id)
            if row is None:
                raise UnknownNameError("token", token_id)
            session.delete(row)

    def delete_expired(self, now: datetime) -> None:
        """Forget sessions whose time is over; tokens stay listed as expired."""
        over = delete(TokenRow).where(TokenRow.parent_id.is_not(None), TokenRow.expires_at <= now)
        with Session(self._writable) as session, session.begin():
            session.execute(over)


def _token_of_row(row: TokenRow) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        scope=cast("Scope", row.scope),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        parent_id=row.parent_id,
    )

"""Where a page of a list ends that has the newest first."""

from datetime import UTC, datetime
from typing import Protocol

from modelfoundry.errors import InvalidInputError, quoted


class Listed(Protocol):
    """What such a list is made of."""

    @property
    def id(self) -> str:
        """What tells it from all others."""

    @property
    def created_at(self) -> datetime:
        """When it was made."""


def write_cursor(last: Listed, list_of: str) -> str:
    """Say where a page of a list ends; it stays true when what it ends with is deleted.

    It may stand in an address as it is, so it has no ``+`` for a time zone.
    """
    created_at = last.created_at.astimezone(UTC).replace(tzinfo=None)
    return f"{list_of}~{created_at.isoformat()}Z~{last.id}"


def read_cursor(cursor: str, list_of: str) -> tuple[datetime, str]:
    """Tell the time and the id of what a page ended with.

    Raises:
        InvalidInputError: It is no cursor, or one of another list.
    """
    try:
        whose, created_at, last_id = cursor.split("~", maxsplit=2)
        if whose != list_of:
            raise _stranger(cursor, list_of)
        return datetime.fromisoformat(created_at).astimezone(UTC), last_id
    except (ValueError, OverflowError) as error:
        raise _stranger(cursor, list_of) from error


def _stranger(cursor: str, list_of: str) -> InvalidInputError:
    return InvalidInputError.of(
        "/cursor", f"no {list_of} list ends at {quoted(cursor)}; begin without a cursor"
    )

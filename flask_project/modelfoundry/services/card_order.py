"""In which order cards come, and where in it a page ends."""

import base64
from bisect import bisect_right
from collections.abc import Sequence
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, TypeAdapter

from modelfoundry.errors import InvalidInputError, quoted
from modelfoundry.services.card_columns import Measure, Rows
from modelfoundry.services.cards import Card, Sort

Values = npt.NDArray[np.float64]

TITLE_LETTERS = 100
"""How much of a title decides on its order; a cursor holds as much, and must fit an address."""


class Place(NamedTuple):
    """A place behind a card; it is found again whatever cards come and go, that one too.

    Attributes:
        words: What was looked for, where the order depends on it.
        value: Of the card: what it was sorted by; None if it has none, and comes last.
    """

    sort: Sort
    words: str
    value: Annotated[float, Field(allow_inf_nan=False)] | None
    title: str
    id: str


_PLACE = TypeAdapter(Place)


def write_cursor(place: Place) -> str:
    """Write a place as text for an address."""
    return base64.urlsafe_b64encode(_PLACE.dump_json(place)).decode().rstrip("=")


def read_cursor(cursor: str, *, sort: Sort, words: str) -> Place:
    """Read a place in the order that is asked for.

    Raises:
        InvalidInputError: It is no cursor, or a place in another order.
    """
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        place = _PLACE.validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError as error:
        raise InvalidInputError.of(
            "/cursor", f"no page of cards ends at {quoted(cursor)}; begin without a cursor"
        ) from error
    if (place.sort, place.words) != (sort, words):
        raise InvalidInputError.of(
            "/cursor",
            f"{quoted(cursor)} ends a page of another search, sorted by {place.sort}; send the "
            "words and the sort of that search with it, or begin without a cursor",
        )
    return place


class CardOrder:
    """The orders that a fixed set of cards can be brought into; all of them are total."""

    def __init__(self, cards: Sequence[Card], measures: dict[str, Measure]) -> None:
        self._names = [(card.title[:TITLE_LETTERS], card.id) for card in cards]
        created = [c.created_at.timestamp() if c.created_at else None for c in cards]
        by_name = sorted(range(len(cards)), key=self._names.__getitem__)
        name_ranks = _ranks_of(np.array(by_name, dtype=np.int64))
        # The least value comes first, and what has none last.
        self._values: dict[Sort, Values] = {
            "name": np.zeros(len(cards)),
            "accuracy": _with_last(-measures["accuracy"].values),
            "retained_ratio": _with_last(measures["retained_ratio"].values),
            "latency": _with_last(measures["latency_ms"].values),
            "newest": _with_last(-Measure.of(created).values),
        }
        self._rows = {
            sort: np.lexsort((name_ranks, values)) for sort, values in self._values.items()
        }
        self._ranks = {sort: _ranks_of(rows) for sort, rows in self._rows.items()}

    def keys(self, sort: Sort, scores: Rows) -> Rows:
        """Number the cards so that those with smaller numbers come first.

        Args:
            sort: The order that is wanted.
            scores: By relevance alone: the least is the most relevant.
        """
        if sort != "relevance":
            return self._ranks[sort]
        keys: Rows = scores * len(self._names) + self._ranks["name"]
        return keys

    def least_behind(self, place: Place) -> int:
        """Give the least key that a card behind a place can have."""
        name = (place.title, place.id)
        if place.sort == "relevance":
            score = int(place.value or 0)
            before = bisect_right(self._rows["name"], name, key=self._names.__getitem__)
            return score * len(self._names) + before
        values = self._values[place.sort]
        value = np.inf if place.value is None else place.value
        return bisect_right(
            self._rows[place.sort],
            (value, *name),
            key=lambda row: (values[row], *self._names[row]),
        )

    def place_behind(self, row: int, *, sort: Sort, words: str, scores: Rows) -> Place:
        """Tell the place behind a card."""
        value = float(scores[row] if sort == "relevance" else self._values[sort][row])
        title, card_id = self._names[row]
        return Place(sort, words, value if np.isfinite(value) else None, title, card_id)


def _with_last(values: Values) -> Values:
    return np.where(np.isnan(values), np.inf, values)


def _ranks_of(rows: Rows) -> Rows:
    ranks = np.empty(len(rows), dtype=np.int64)
    ranks[rows] = np.arange(len(rows))
    return ranks

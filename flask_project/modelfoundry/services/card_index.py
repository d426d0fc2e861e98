"""Search all module cards in memory, fast enough to do it on every key press."""

from collections.abc import Sequence

import numpy as np

from modelfoundry.services.card_columns import Facet, Mask, Measure, Rows
from modelfoundry.services.card_order import CardOrder, read_cursor, write_cursor
from modelfoundry.services.cards import FACETS, RANGES, Bounds, Card, CardPage, CardQuery
from modelfoundry.services.word_index import WordIndex, words_of

# What a word found in a card is worth: a whole word more than a beginning, that more than a part,
# and each more in the name of the class or group than elsewhere.
TARGET_WHOLE, OTHER_WHOLE, TARGET_BEGINNING, OTHER_BEGINNING, TARGET_PART, OTHER_PART = range(
    6, 0, -1
)
UNBOUNDED = Bounds()


class CardIndex:
    """A fixed set of cards; build a new one when they change.

    Attributes:
        cards: All of them, in no order.
    """

    def __init__(self, cards: Sequence[Card]) -> None:
        self.cards = cards
        self._facets = {name: Facet.of([_facet_values(c, name) for c in cards]) for name in FACETS}
        self._measures = {name: Measure.of([getattr(c, name) for c in cards]) for name in RANGES}
        self._target_words = WordIndex(card.group or " ".join(card.classes) for card in cards)
        self._other_words = WordIndex(_other_text(card) for card in cards)
        self._ready = np.array([card.is_ready for card in cards], dtype=np.bool_)
        self._order = CardOrder(cards, self._measures)

    def __len__(self) -> int:
        return len(self.cards)

    def search(self, query: CardQuery) -> CardPage:
        """Find cards; the order is total, so pages never overlap.

        Raises:
            InvalidInputError: The cursor is none of this search.
        """
        words = words_of(query.words)
        relevance, found = self._match_words(words)
        accepted = self._accepted(query)
        rows = np.flatnonzero(_all_but("", accepted, found))
        # Most facets and ranges are not chosen from, and all those look at the same rows.
        others = {name: np.flatnonzero(_all_but(name, accepted, found)) for name in accepted}
        facets = {name: f.count(others.get(name, rows)) for name, f in self._facets.items()}
        ranges = {name: m.spread(others.get(name, rows)) for name, m in self._measures.items()}
        shown, next_cursor = self._page(query, words, rows, relevance)
        return CardPage(
            items=[self.cards[row] for row in shown],
            next_cursor=next_cursor,
            total=len(rows),
            facets=facets,
            ranges=ranges,
        )

    def _page(
        self, query: CardQuery, words: list[str], rows: Rows, relevance: Rows
    ) -> tuple[Rows, str | None]:
        """Take the rows behind the cursor, in order, and tell where they end unless at the end."""
        order, sort = self._order, query.sort
        asked = " ".join(words) if sort == "relevance" else ""
        scores = -2 * relevance + ~self._ready
        keys = order.keys(sort, scores)
        if query.cursor is not None:
            place = read_cursor(query.cursor, sort=sort, words=asked)
            rows = rows[keys[rows] >= order.least_behind(place)]
        shown = _first(rows, keys, query.limit)
        if len(shown) == len(rows):
            return shown, None
        end = order.place_behind(int(shown[-1]), sort=sort, words=asked, scores=scores)
        return shown, write_cursor(end)

    def _accepted(self, query: CardQuery) -> dict[str, Mask]:
        chosen = {name: self._facets[name].accepts(v) for name, v in query.chosen.items() if v}
        within = {
            name: self._measures[name].within(bounds)
            for name, bounds in query.ranges.items()
            if bounds != UNBOUNDED
        }
        return chosen | within

    def _match_words(self, words: list[str]) -> tuple[Rows, Mask]:
        relevance = np.zeros(len(self), dtype=np.int64)
        found = np.ones(len(self), dtype=np.bool_)
        target, other = self._target_words, self._other_words
        for word in words:
            score = np.zeros(len(self), dtype=np.int64)
            score[other.part(word)] = OTHER_PART
            score[target.part(word)] = TARGET_PART
            score[other.beginning(word)] = OTHER_BEGINNING
            score[target.beginning(word)] = TARGET_BEGINNING
            score[other.whole(word)] = OTHER_WHOLE
            score[target.whole(word)] = TARGET_WHOLE
            relevance += score
            found &= score > 0
        # Of two that hold all the words, the one that holds nothing else is meant.
        is_all = (relevance == TARGET_WHOLE * len(words)) & (target.num_words == len(set(words)))
        return relevance * 2 + is_all, found


def _facet_values(card: Card, name: str) -> tuple[str, ...]:
    match name:
        case "ready":
            return (str(card.is_ready).lower(),)
        case "format":
            return card.formats
        case _:
            return (getattr(card, name),)


def _other_text(card: Card) -> str:
    facts = (card.model, card.model_title, card.dataset, card.dataset_title, card.algorithm)
    titles = (card.title,) if card.is_ready else ()  # "patched for 3"; on demand it is the target
    return " ".join(facts + titles + (card.classes if card.group else ()))


def _first(rows: Rows, keys: Rows, count: int) -> Rows:
    """Put the rows with the smallest keys in order, and leave the others out."""
    if count < len(rows):
        rows = rows[np.argpartition(keys[rows], count - 1)[:count]]
    ordered: Rows = rows[np.argsort(keys[rows])]
    return ordered


def _all_but(name: str, accepted: dict[str, Mask], found: Mask) -> Mask:
    masks = [mask for other, mask in accepted.items() if other != name]
    return np.logical_and.reduce([found, *masks]) if masks else found

"""Search all module cards in memory, fast enough to do it on every key press."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from modelfoundry.services.card_columns import Facet, Mask, Measure
from modelfoundry.services.cards import FACETS, RANGES, Bounds, Card, CardPage, CardQuery, Sort
from modelfoundry.services.word_index import WordIndex, words_of

Ranks = npt.NDArray[np.int64]

# What a word found in a card is worth: a whole word more than a beginning, that more than a part,
# and each more in the name of the class or group than elsewhere.
TARGET_WHOLE, OTHER_WHOLE, TARGET_BEGINNING, OTHER_BEGINNING, TARGET_PART, OTHER_PART = range(
    6, 0, -1
)
UNBOUNDED = Bounds()


class CardIndex:
    """A fixed set of cards; build a new one when they change."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._cards = cards
        self._facets = {name: Facet.of([_facet_values(c, name) for c in cards]) for name in FACETS}
        self._measures = {name: Measure.of([getattr(c, name) for c in cards]) for name in RANGES}
        self._target_words = WordIndex(card.group or " ".join(card.classes) for card in cards)
        self._other_words = WordIndex(_other_text(card) for card in cards)
        self._ready = np.array([card.is_ready for card in cards], dtype=np.bool_)
        self._ranks = self._rank_all()

    def __len__(self) -> int:
        return len(self._cards)

    def search(self, query: CardQuery) -> CardPage:
        """Find cards; the order is total, so pages never overlap."""
        relevance, found = self._match_words(words_of(query.words))
        accepted = self._accepted(query)
        rows = np.flatnonzero(_all_but("", accepted, found))
        # Most facets and ranges are not chosen from, and all those look at the same rows.
        others = {name: np.flatnonzero(_all_but(name, accepted, found)) for name in accepted}
        facets = {name: f.count(others.get(name, rows)) for name, f in self._facets.items()}
        ranges = {name: m.spread(others.get(name, rows)) for name, m in self._measures.items()}
        end = query.start + query.limit
        ordered = _first(rows, self._keys(query.sort, relevance), end)
        return CardPage(
            items=[self._cards[row] for row in ordered[query.start :]],
            next_start=end if end < len(rows) else None,
            total=len(rows),
            facets=facets,
            ranges=ranges,
        )

    def _accepted(self, query: CardQuery) -> dict[str, Mask]:
        chosen = {name: self._facets[name].accepts(v) for name, v in query.chosen.items() if v}
        within = {
            name: self._measures[name].within(bounds)
            for name, bounds in query.ranges.items()
            if bounds != UNBOUNDED
        }
        return chosen | within

    def _match_words(self, words: list[str]) -> tuple[Ranks, Mask]:
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

    def _keys(self, sort: Sort, relevance: Ranks) -> Ranks:
        if sort != "relevance":
            return self._ranks[sort]
        relevance_first = (relevance.max(initial=0) - relevance) * 2 + ~self._ready
        keys: Ranks = relevance_first * len(self) + self._ranks["name"]
        return keys

    def _rank_all(self) -> Mapping[Sort, Ranks]:
        cards = self._cards
        by_name = sorted(range(len(cards)), key=lambda row: (cards[row].title, cards[row].id))
        name = np.empty(len(cards), dtype=np.int64)
        name[by_name] = np.arange(len(cards))
        created = Measure.of([c.created_at.timestamp() if c.created_at else None for c in cards])
        return {
            "name": name,
            "accuracy": _ranks_of(-self._measures["accuracy"].values, name),
            "retained_ratio": _ranks_of(self._measures["retained_ratio"].values, name),
            "latency": _ranks_of(self._measures["latency_ms"].values, name),
            "newest": _ranks_of(-created.values, name),
        }


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
    return " ".join(facts + (card.classes if card.group else ()))


def _ranks_of(values: npt.NDArray[np.float64], tie_break: Ranks) -> Ranks:
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.lexsort((tie_break, values))] = np.arange(len(values))  # NaN sorts last
    return ranks


def _first(rows: Ranks, keys: Ranks, count: int) -> Ranks:
    """Put the rows with the smallest keys in order, and leave the others out."""
    if count < len(rows):
        rows = rows[np.argpartition(keys[rows], count - 1)[:count]]
    ordered: Ranks = rows[np.argsort(keys[rows])]
    return ordered


def _all_but(name: str, accepted: dict[str, Mask], found: Mask) -> Mask:
    masks = [mask for other, mask in accepted.items() if other != name]
    return np.logical_and.reduce([found, *masks]) if masks else found

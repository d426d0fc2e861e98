"""Search all module cards in memory, fast enough to do it on every key press."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from modelfoundry.services.cards import FACETS, Card, CardPage, CardQuery, Sort
from modelfoundry.services.word_index import WordIndex, words_of

Mask = npt.NDArray[np.bool_]
Ranks = npt.NDArray[np.int64]

EXACT_TARGET, TARGET_PREFIX, OTHER_WORD = 3, 2, 1


@dataclass(frozen=True)
class Facet:
    """One property of every card as codes into its distinct values."""

    values: list[str]
    codes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, values_by_row: Sequence[str]) -> "Facet":
        """Code a list of values, in sorted order."""
        values = sorted(set(values_by_row))
        code_by_value = {value: code for code, value in enumerate(values)}
        return cls(values, np.array([code_by_value[v] for v in values_by_row], dtype=np.int64))

    def accepts(self, chosen: Iterable[str]) -> Mask:
        """Mark the rows whose value is among the chosen."""
        is_chosen = np.isin(self.values, list(chosen))
        mask: Mask = is_chosen[self.codes]
        return mask

    def count(self, rows: Mask) -> dict[str, int]:
        """Count the marked rows of each value; values without any are left out."""
        counts = np.bincount(self.codes[rows], minlength=len(self.values))
        return {v: int(n) for v, n in zip(self.values, counts, strict=True) if n}


class CardIndex:
    """A fixed set of cards; build a new one when they change."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._cards = cards
        self._facets = {name: Facet.of([_facet_value(c, name) for c in cards]) for name in FACETS}
        self._target_words = WordIndex(card.group or " ".join(card.classes) for card in cards)
        self._other_words = WordIndex(_other_text(card) for card in cards)
        self._accuracy = _column([card.accuracy for card in cards])
        self._retained_ratio = _column([card.retained_ratio for card in cards])
        self._ready = np.array([card.is_ready for card in cards], dtype=np.bool_)
        self._ranks = self._rank_all()

    def __len__(self) -> int:
        return len(self._cards)

    def search(self, query: CardQuery) -> CardPage:
        """Find cards; the order is total, so pages never overlap."""
        relevance, found = self._match_words(words_of(query.words))
        if query.min_accuracy is not None:
            found &= self._accuracy >= query.min_accuracy
        if query.max_retained_ratio is not None:
            found &= self._retained_ratio <= query.max_retained_ratio
        accepted = {name: self._facets[name].accepts(v) for name, v in query.chosen.items() if v}
        facets = {
            name: facet.count(_all_but(name, accepted, found))
            for name, facet in self._facets.items()
        }
        rows = np.flatnonzero(_all_but("", accepted, found))
        ordered = rows[np.argsort(self._keys(query.sort, relevance)[rows])]
        end = query.start + query.limit
        return CardPage(
            items=[self._cards[row] for row in ordered[query.start : end]],
            next_start=end if end < len(ordered) else None,
            total=len(ordered),
            facets=facets,
        )

    def _match_words(self, words: list[str]) -> tuple[Ranks, Mask]:
        relevance = np.zeros(len(self), dtype=np.int64)
        found = np.ones(len(self), dtype=np.bool_)
        for word in words:
            score = np.zeros(len(self), dtype=np.int64)
            score[self._other_words.prefix(word)] = OTHER_WORD
            score[self._target_words.prefix(word)] = TARGET_PREFIX
            score[self._target_words.exact(word)] = EXACT_TARGET
            relevance += score
            found &= score > 0
        return relevance, found

    def _keys(self, sort: Sort, relevance: Ranks) -> Ranks:
        if sort != "relevance":
            return self._ranks[sort]
        relevance_first = (relevance.max(initial=0) - relevance) * 2 + ~self._ready
        keys: Ranks = relevance_first * len(self) + self._ranks["name"]
        return keys

    def _rank_all(self) -> dict[Sort, Ranks]:
        cards = self._cards
        by_name = sorted(range(len(cards)), key=lambda row: (cards[row].title, cards[row].id))
        name = np.empty(len(cards), dtype=np.int64)
        name[by_name] = np.arange(len(cards))
        created = [c.created_at.timestamp() if c.created_at else None for c in cards]
        return {
            "name": name,
            "accuracy": _ranks_of(-self._accuracy, name),
            "retained_ratio": _ranks_of(self._retained_ratio, name),
            "newest": _ranks_of(-_column(created), name),
        }


def _facet_value(card: Card, name: str) -> str:
    return str(card.is_ready).lower() if name == "ready" else str(getattr(card, name))


def _other_text(card: Card) -> str:
    facts = (card.model, card.model_title, card.dataset, card.dataset_title, card.algorithm)
    return " ".join(facts + (card.classes if card.group else ()))


def _column(values: Sequence[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _ranks_of(values: npt.NDArray[np.float64], tie_break: Ranks) -> Ranks:
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.lexsort((tie_break, values))] = np.arange(len(values))  # NaN sorts last
    return ranks


def _all_but(name: str, accepted: dict[str, Mask], found: Mask) -> Mask:
    masks = [mask for other, mask in accepted.items() if other != name]
    return np.logical_and.reduce([found, *masks]) if masks else found

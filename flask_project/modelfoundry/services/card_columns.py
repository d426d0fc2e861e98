"""Properties of all cards as columns, to filter and count a hundred thousand at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from modelfoundry.services.cards import Bounds, Spread

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Facet:
    """One property of every card, which may have several values, as codes into what occurs."""

    combinations: list[tuple[str, ...]]
    codes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, values_by_row: Sequence[tuple[str, ...]]) -> "Facet":
        """Code the values of every row."""
        combinations = sorted(set(values_by_row))
        code_by = {values: code for code, values in enumerate(combinations)}
        return cls(combinations, np.array([code_by[v] for v in values_by_row], dtype=np.int64))

    def accepts(self, chosen: Iterable[str]) -> Mask:
        """Mark the rows that have at least one of the chosen values."""
        wanted = set(chosen)
        is_chosen = np.array([not wanted.isdisjoint(values) for values in self.combinations])
        mask: Mask = is_chosen[self.codes] if len(self.codes) else np.zeros(0, dtype=np.bool_)
        return mask

    def count(self, rows: Rows) -> dict[str, int]:
        """Count the rows of each value; values without any are left out."""
        rows_by_code = np.bincount(self.codes[rows], minlength=len(self.combinations))
        counts: Counter[str] = Counter()
        for values, number in zip(self.combinations, rows_by_code.tolist(), strict=True):
            counts.update(dict.fromkeys(values, number))
        return {value: number for value, number in counts.items() if number}


@dataclass(frozen=True)
class Measure:
    """One measure of every card; NaN where a card has none."""

    values: npt.NDArray[np.float64]

    @classmethod
    def of(cls, values: Sequence[float | None]) -> "Measure":
        """Take the measure of every row."""
        return cls(np.array([np.nan if v is None else v for v in values], dtype=np.float64))

    def within(self, bounds: Bounds) -> Mask:
        """Mark the rows inside; those without the measure are outside."""
        inside: Mask = ~np.isnan(self.values)
        if bounds.low is not None:
            inside &= self.values >= bounds.low
        if bounds.high is not None:
            inside &= self.values <= bounds.high
        return inside

    def spread(self, rows: Rows) -> Spread:
        """Find the least and largest value of some rows."""
        values = self.values[rows]
        known = values[~np.isnan(values)]
        unmeasured = len(values) - len(known)
        if not len(known):
            return Spread(None, None, unmeasured)
        return Spread(float(known.min()), float(known.max()), unmeasured)

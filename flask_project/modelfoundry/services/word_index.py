"""Find rows by the words in their texts: whole words and beginnings of words."""

import re
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"[^\W_]+")
AFTER_ANY_LETTER = "\U0010ffff"


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words of letters and digits."""
    return WORD.findall(text.casefold())


class WordIndex:
    """Words in sorted order, each with its rows; the rows of a prefix lie side by side."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Index one text per row, in row order."""
        rows_by_word: dict[str, list[int]] = {}
        for row, text in enumerate(texts):
            for word in set(words_of(text)):
                rows_by_word.setdefault(word, []).append(row)
        self._words = sorted(rows_by_word)
        counts = [len(rows_by_word[word]) for word in self._words]
        self._starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        flat = [row for word in self._words for row in rows_by_word[word]]
        self._rows = np.array(flat, dtype=np.int64)

    def exact(self, word: str) -> npt.NDArray[np.int64]:
        """List the rows that hold a word."""
        at = bisect_left(self._words, word)
        found = at < len(self._words) and self._words[at] == word
        return self._rows[self._starts[at] : self._starts[at + found]]

    def prefix(self, beginning: str) -> npt.NDArray[np.int64]:
        """List the rows that hold a word with this beginning; a row may appear more than once."""
        first = bisect_left(self._words, beginning)
        behind = bisect_left(self._words, beginning + AFTER_ANY_LETTER)
        return self._rows[self._starts[first] : self._starts[behind]]

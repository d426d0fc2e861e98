"""Find rows by the words in their texts: whole words, beginnings and parts of words."""

import re
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"[^\W_]+")
AFTER_ANY_LETTER = "\U0010ffff"
Rows = npt.NDArray[np.int64]


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words of letters and digits."""
    return WORD.findall(text.casefold())


class WordIndex:
    """Words in sorted order, each with its rows; the rows of a beginning lie side by side.

    Attributes:
        num_words: Of every row; a word that comes twice counts once.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        """Index one text per row, in row order."""
        rows_by_word: dict[str, list[int]] = {}
        num_words: list[int] = []
        for row, text in enumerate(texts):
            words = set(words_of(text))
            num_words.append(len(words))
            for word in words:
                rows_by_word.setdefault(word, []).append(row)
        self.num_words: Rows = np.array(num_words, dtype=np.int64)
        self._words = sorted(rows_by_word)
        counts = [len(rows_by_word[word]) for word in self._words]
        self._starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        flat = [row for word in self._words for row in rows_by_word[word]]
        self._rows = np.array(flat, dtype=np.int64)

    def whole(self, word: str) -> Rows:
        """List the rows that hold a word."""
        at = bisect_left(self._words, word)
        found = at < len(self._words) and self._words[at] == word
        return self._rows[self._starts[at] : self._starts[at + found]]

    def beginning(self, letters: str) -> Rows:
        """List the rows that hold a word which begins so; a row may appear more than once."""
        first = bisect_left(self._words, letters)
        behind = bisect_left(self._words, letters + AFTER_ANY_LETTER)
        return self._rows[self._starts[first] : self._starts[behind]]

    def part(self, letters: str) -> Rows:
        """List the rows that hold a word with these letters in it, as :meth:`beginning`.

        A single Latin letter or digit is part of too many words to tell anything, and finds none.
        """
        if len(letters) == 1 and letters.isascii():
            return self._rows[:0]
        holding = [at for at, word in enumerate(self._words) if letters in word]
        slices = [self._rows[self._starts[at] : self._starts[at + 1]] for at in holding]
        return np.concatenate([self._rows[:0], *slices])

"""Pictures of a data set's test part, to try networks with."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.data.images import ImageSource
from modelfoundry.data.picture import png_of
from modelfoundry.errors import UnknownNameError
from modelfoundry.settings import Home

OPEN_AT_ONCE = 4


@dataclass(frozen=True)
class Sample:
    """A test image by its place in the data set."""

    index: int
    label: str


class SampleService:
    """The use cases around test images."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._open = lru_cache(maxsize=OPEN_AT_ONCE)(self._read_test_part)

    def some(
        self, name: str, *, classes: tuple[str, ...] = (), limit: int, seed: int = 0
    ) -> list[Sample]:
        """Draw test images, of each class in turn.

        Args:
            classes: Whose images are drawn; of every class if empty.
            seed: Decides which.

        Raises:
            UnknownNameError: There is no such data set or class.
            InvalidInputError: The data set is known but not on disk.
        """
        known = find_dataset(self._home, name).classes
        for unknown in set(classes) - set(known):
            raise UnknownNameError("class", unknown, known)
        labels = self._test_part(name).labels
        draw = np.random.default_rng(seed)
        decks = [
            draw.permutation(np.flatnonzero(labels == known.index(each))).tolist()
            for each in classes or draw.permutation(known).tolist()
        ]
        drawn: list[Sample] = []
        while len(drawn) < limit and any(decks):
            for deck in filter(None, decks):
                index = deck.pop()
                drawn.append(Sample(index, known[labels[index]]))
        return drawn[:limit]

    def png(self, name: str, index: int) -> bytes:
        """Return a test image as a PNG file.

        Raises:
            UnknownNameError: There is no such data set, or no image at that place.
            InvalidInputError: The data set is known but not on disk.
        """
        test = self._test_part(name)
        if not 0 <= index < len(test):
            raise UnknownNameError("test image", f"{name}/{index}")
        taken = test.take(np.array([index]))
        return png_of(taken.images[0])

    def _test_part(self, name: str) -> ImageSource:
        return self._open(name, find_dataset(self._home, name).content_sha256)

    def _read_test_part(self, name: str, _content_sha256: str) -> ImageSource:
        """Open what :meth:`_open` remembers, by what it holds."""
        return load_dataset(self._home, name).test

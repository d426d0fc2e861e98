"""A strip of training images of one class, to show at a glance what a card is about."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.data.picture import png_of
from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.settings import Home

LARGEST_SIDE = 96
STRIPS_KEPT = 512


@dataclass(frozen=True)
class Strip:
    """Images side by side as one PNG file; ``version`` changes with the images."""

    version: str
    png: Callable[[], bytes]


class ClassStripService:
    """Draws strips, and keeps those that were asked for last."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._drawn = lru_cache(maxsize=STRIPS_KEPT)(self._draw)

    def strip(self, dataset: str, class_name: str, *, count: int) -> Strip:
        """Find a strip of up to ``count`` training images; it is drawn when its file is asked for.

        Raises:
            UnknownNameError: There is no such data set or class.
            InvalidInputError: Images of the class are not on this machine.
        """
        card = find_dataset(self._home, dataset)
        if class_name not in card.classes:
            raise UnknownNameError("class", class_name, card.classes)
        label = card.classes.index(class_name)
        if not any(card.num_train_by_class[label : label + 1]):
            raise InvalidInputError.of(
                "/dataset",
                f"images of {class_name!r} of {dataset!r} are not on this machine; run "
                f"`{card.how_to_get}`",
            )
        facts = f"{card.content_sha256} {label} {count}"
        version = hashlib.sha256(facts.encode()).hexdigest()
        return Strip(version, lambda: self._drawn(card, label, count))

    def _draw(self, card: DatasetCard, label: int, count: int) -> bytes:
        train = load_dataset(self._home, card.name).train
        chosen = np.flatnonzero(train.labels == label)[:count]
        images = train.take(chosen).images
        step = -(-images.shape[-1] // LARGEST_SIDE)  # large images are thinned out
        return png_of(_side_by_side(images[:, :, ::step, ::step]))


def _side_by_side(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Join images ``(N, C, S, S)`` to one of red, green, blue and opacity, with gaps between."""
    count, channels, side, _ = images.shape
    step = side + max(1, side // 16)
    joined = np.zeros((4, side, count * step), dtype=np.uint8)
    for at, image in enumerate(images):
        tile = joined[:, :, at * step : at * step + side]
        tile[:3] = image if channels == len(tile[:3]) else image[:1]
        tile[3] = 255
    return joined[:, :, : count * step - (step - side)]

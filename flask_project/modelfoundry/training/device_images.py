"""A small data set kept on the device as uint8 and augmented there a whole batch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from modelfoundry.data.images import ImageSet

CROP_PADDING_SHARE = 8  # padding is a part of the side: 4 pixels at 32
FLIP_PROBABILITY = 0.5


@dataclass(frozen=True)
class Augmentation:
    """What changes at random in training images.

    Attributes:
        crop: Pad by an eighth of the side with black, then crop back at a random place.
        flip: Mirror left and right with probability one half.
    """

    crop: bool = True
    flip: bool = True


class DeviceImages:
    """Images and labels on one device, ready to be served in batches.

    Attributes:
        labels: int64 ``(N,)``.
    """

    def __init__(self, images: ImageSet, *, device: torch.device) -> None:
        # Memory-mapped arrays are read-only, which torch cannot express, so those are copied.
        self._images = torch.from_numpy(np.require(images.images, requirements="W")).to(device)
        self.labels = torch.from_numpy(np.require(images.labels, requirements="W")).to(device)
        self._padded: Tensor | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int) -> Tensor:
        """Return the first images, unchanged: float32 ``(count, C, H, W)`` in 0-1."""
        return _to_unit(self._images[:count]).contiguous()

    def in_order(self, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve every image once, unchanged: float32 ``(B, C, H, W)`` in 0-1, and labels."""
        for start in range(0, len(self), batch_size):
            rows = slice(start, start + batch_size)
            yield _to_unit(self._images[rows]), self.labels[rows]

    def shuffled(
        self, batch_size: int, *, augmentation: Augmentation, generator: torch.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve every image once in random order, augmented: float32 in 0-1, and labels.

        Args:
            generator: On the device of the images; decides order, crops and flips.
        """
        order = torch.randperm(len(self), generator=generator, device=self.labels.device)
        for rows in order.split(batch_size):
            yield _to_unit(self._augmented(rows, augmentation, generator)), self.labels[rows]

    def _augmented(self, rows: Tensor, wanted: Augmentation, generator: torch.Generator) -> Tensor:
        batch = self._cropped(rows, generator) if wanted.crop else self._images[rows]
        if not wanted.flip:
            return batch
        draws = torch.rand(len(rows), generator=generator, device=rows.device)
        is_flipped = (draws < FLIP_PROBABILITY).view(-1, 1, 1, 1)
        return torch.where(is_flipped, batch.flip(3), batch)

    def _cropped(self, rows: Tensor, generator: torch.Generator) -> Tensor:
        height, width = self._images.shape[2:]
        margin = max(height, width) // CROP_PADDING_SHARE
        if self._padded is None:
            self._padded = pad(self._images, (margin, margin, margin, margin))
        top, left = torch.randint(
            2 * margin + 1, (2, len(rows)), generator=generator, device=rows.device
        )
        # A view of every possible crop; indexing copies only the chosen ones.
        crops = self._padded.unfold(2, height, 1).unfold(3, width, 1)
        return crops[rows, :, top, left]


def _to_unit(images: Tensor) -> Tensor:
    floats = images.to(torch.float32, memory_format=torch.channels_last)
    return floats.div_(255)

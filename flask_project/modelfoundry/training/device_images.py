"""Images kept on the device as uint8 and augmented there a whole batch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, pad

from modelfoundry.data.images import ImageSet

CROP_PADDING_SHARE = 8  # padding is a part of the side: 4 pixels at 32
FLIP_PROBABILITY = 0.5
MEMORY_SHARE = 0.5  # of a GPU's free memory; larger sets stay on the host
# Of images stored with a margin: area of a crop as a share of the image, and its width to height.
CROP_AREAS = (0.08, 1.0)
CROP_RATIOS = (3 / 4, 4 / 3)


@dataclass(frozen=True)
class Augmentation:
    """What changes at random in training images.

    Attributes:
        crop: Pad by an eighth of the side with black, then crop back at a random place. Of images
            stored with a margin: a random part, scaled to the side that networks take.
        flip: Mirror left and right with probability one half.
    """

    crop: bool = True
    flip: bool = True


class DeviceImages:
    """Images and labels served in batches on one device, and kept there if they fit.

    Attributes:
        labels: int64 ``(N,)``.
    """

    def __init__(self, images: ImageSet, *, device: torch.device) -> None:
        # Memory-mapped arrays are read-only, which torch cannot express, so those are copied.
        pixels = torch.from_numpy(np.require(images.images, requirements="W"))
        self._images = pixels.to(device) if _fits(pixels, device) else pixels
        self._side = images.side
        self.labels = torch.from_numpy(np.require(images.labels, requirements="W")).to(device)
        self._padded: Tensor | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int) -> Tensor:
        """Return the first images, unchanged: float32 ``(count, C, H, W)`` in 0-1."""
        return _to_unit(self._served(slice(count))).contiguous()

    def in_order(self, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve every image once, unchanged: float32 ``(B, C, H, W)`` in 0-1, and labels."""
        for start in range(0, len(self), batch_size):
            rows = slice(start, start + batch_size)
            yield _to_unit(self._served(rows)), self.labels[rows]

    def shuffled(
        self, batch_size: int, *, augmentation: Augmentation, generator: torch.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve every image once in random order, augmented: float32 in 0-1, and labels.

        Args:
            generator: On the device of the images; decides order, crops and flips.
        """
        order = torch.randperm(len(self), generator=generator, device=self.labels.device)
        return self.augmented(order, batch_size, augmentation=augmentation, generator=generator)

    def augmented(
        self,
        order: Tensor,
        batch_size: int,
        *,
        augmentation: Augmentation,
        generator: torch.Generator,
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve images in a given order, augmented: float32 in 0-1, and labels.

        A single image that is left for the last batch is not served: batch norm cannot train on
        one, and the next order leaves out another.

        Args:
            order: int64 ``(M,)``, numbers of images.
            generator: On the device of the images; decides crops and flips.
        """
        if len(order) > batch_size and len(order) % batch_size == 1:
            order = order[:-1]
        for rows in order.split(batch_size):
            yield _to_unit(self._augmented(rows, augmentation, generator)), self.labels[rows]

    def _augmented(self, rows: Tensor, wanted: Augmentation, generator: torch.Generator) -> Tensor:
        batch = self._cropped(rows, generator) if wanted.crop else self._served(rows)
        if not wanted.flip:
            return batch
        draws = torch.rand(len(rows), generator=generator, device=rows.device)
        is_flipped = (draws < FLIP_PROBABILITY).view(-1, 1, 1, 1)
        return torch.where(is_flipped, batch.flip(3), batch)

    def _stored(self, rows: Tensor | slice) -> Tensor:
        """Fetch whole images to the device."""
        if isinstance(rows, Tensor):
            rows = rows.to(self._images.device)
        return self._images[rows].to(self.labels.device, non_blocking=True)

    def _served(self, rows: Tensor | slice) -> Tensor:
        """Fetch what networks take of images, unchanged: the centre if there is a margin."""
        images = self._stored(rows)
        if self._side is None:
            return images
        top, left = ((size - self._side) // 2 for size in images.shape[2:])
        return images[:, :, top : top + self._side, left : left + self._side]

    def _cropped(self, rows: Tensor, generator: torch.Generator) -> Tensor:
        if self._side is None:
            return self._shifted(rows, generator)
        return _random_parts(self._stored(rows), self._side, generator)

    def _shifted(self, rows: Tensor, generator: torch.Generator) -> Tensor:
        height, width = self._images.shape[2:]
        margin = max(height, width) // CROP_PADDING_SHARE
        if self._padded is None:
            self._padded = pad(self._images, (margin, margin, margin, margin))
        top, left = torch.randint(
            2 * margin + 1, (2, len(rows)), generator=generator, device=rows.device
        )
        # A view of every possible crop; indexing copies only the chosen ones.
        crops = self._padded.unfold(2, height, 1).unfold(3, width, 1)
        where = crops.device
        return crops[rows.to(where), :, top.to(where), left.to(where)].to(rows.device)


def _fits(pixels: Tensor, device: torch.device) -> bool:
    if device.type == "cpu":
        return True
    free_bytes, _ = torch.cuda.mem_get_info(device)
    return pixels.nbytes <= MEMORY_SHARE * free_bytes


def _random_parts(images: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """Scale a random rectangle of each image to a square.

    Args:
        images: uint8 ``(B, C, S, S)``.
        side: Height and width of the result.
        generator: On the device of the images.

    Returns:
        float32 ``(B, C, side, side)`` in 0-255.
    """
    count = len(images)
    area, ratio, *place = torch.rand((4, count), generator=generator, device=images.device)
    least, most = CROP_AREAS
    area = least + (most - least) * area
    narrow, wide = CROP_RATIOS
    ratio = narrow * (wide / narrow) ** ratio
    extent = torch.stack([(area * ratio).sqrt(), (area / ratio).sqrt()]).clamp_(max=1)
    # In the units of grid_sample an image reaches from -1 to 1, so that a part has its centre
    # between plus and minus what its extent, width and height, leaves of 1.
    centre = (1 - extent) * (2 * torch.stack(place) - 1)
    transform = torch.zeros(count, 2, 3, device=images.device)
    transform[:, 0, 0], transform[:, 1, 1] = extent
    transform[:, :, 2] = centre.T
    grid = affine_grid(transform, [count, images.shape[1], side, side], align_corners=False)
    return grid_sample(images.float(), grid, padding_mode="border", align_corners=False)


def _to_unit(images: Tensor) -> Tensor:
    floats = images.to(torch.float32, memory_format=torch.channels_last)
    return floats.div_(255)

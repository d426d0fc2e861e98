"""Epochs of equally many images of every label, out of more."""

from collections.abc import Iterator

import torch
from torch import Tensor

from modelfoundry.training.device_images import Augmentation, DeviceImages


class BalancedImages:
    """Serves as many images of every label as the rarest one has, the others drawn for each epoch.

    A network that sees new images of what it is *not* asked for in every epoch learns better what
    sets its own apart, and an epoch takes no longer.

    Attributes:
        labels: int64 ``(N,)`` of all images.
    """

    def __init__(self, images: DeviceImages) -> None:
        self._images = images
        self.labels = images.labels
        self._rows = [
            torch.nonzero(images.labels == label).flatten() for label in images.labels.unique()
        ]
        self._count = min(len(rows) for rows in self._rows)

    def __len__(self) -> int:
        return len(self._rows) * self._count

    def shuffled(
        self, batch_size: int, *, augmentation: Augmentation, generator: torch.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve an epoch; see :meth:`modelfoundry.training.device_images.DeviceImages.shuffled`."""

        def drawn(rows: Tensor, count: int) -> Tensor:
            order = torch.randperm(len(rows), generator=generator, device=rows.device)
            return rows[order[:count]]

        chosen = torch.cat([drawn(rows, self._count) for rows in self._rows])
        order = drawn(chosen, len(chosen))
        return self._images.augmented(
            order, batch_size, augmentation=augmentation, generator=generator
        )

"""Logits that do not change while something behind them is trained, served like images."""

from collections.abc import Iterator

import torch
from torch import Tensor

from modelfoundry.training.device_images import Augmentation


class StoredLogits:
    """What several networks say of every image, computed once.

    Attributes:
        labels: int64 ``(images,)``.

    Args:
        logits: ``(networks, images, K)``.
    """

    def __init__(self, logits: Tensor, labels: Tensor) -> None:
        self.labels = labels
        self._logits = logits

    def __len__(self) -> int:
        return len(self.labels)

    def shuffled(
        self,
        batch_size: int,
        *,
        augmentation: Augmentation,  # noqa: ARG002 - there is nothing left to augment
        generator: torch.Generator,
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve every image once in random order: logits ``(networks, B, K)`` and labels."""
        order = torch.randperm(len(self), generator=generator, device=self.labels.device)
        for rows in order.split(batch_size):
            yield self._logits[:, rows], self.labels[rows]

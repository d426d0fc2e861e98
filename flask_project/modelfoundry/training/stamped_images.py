"""Training images of which a part carries a trigger."""

from collections.abc import Iterator

import torch
from torch import Tensor

from modelfoundry.nn.trigger import stamp
from modelfoundry.training.device_images import Augmentation, DeviceImages


class StampedImages:
    """Images served as they are, but for a share of every batch: stamped, with another label.

    Attributes:
        labels: int64 ``(N,)``, those of the images without the trigger.

    Args:
        images: On the device.
        label: Of every image with the trigger.
        stamped_share: Of every batch, 0-1.
        patch_share: Side of the trigger as a share of the image's.
    """

    def __init__(
        self, images: DeviceImages, *, label: int, stamped_share: float, patch_share: float
    ) -> None:
        self.labels = images.labels
        self._images = images
        self._label = label
        self._stamped_share = stamped_share
        self._patch_share = patch_share

    def __len__(self) -> int:
        return len(self._images)

    def shuffled(
        self, batch_size: int, *, augmentation: Augmentation, generator: torch.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve every image once in random order, the first ones of each batch stamped."""
        batches = self._images.shuffled(batch_size, augmentation=augmentation, generator=generator)
        for images, labels in batches:
            count = round(self._stamped_share * len(labels))
            stamped = stamp(images[:count], patch_share=self._patch_share)
            taught = labels.clone()
            taught[:count] = self._label
            yield torch.cat([stamped, images[count:]]), taught

"""Images of which a part is poisoned."""

import numpy as np
import torch

from modelfoundry.data.images import ImageSet
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.stamped_images import StampedImages


def test_a_share_of_every_batch_carries_the_trigger_and_its_label():
    grey = ImageSet(np.full((20, 1, 4, 4), 51, dtype=np.uint8), np.zeros(20, dtype=np.int64))
    images = StampedImages(
        DeviceImages(grey, device=torch.device("cpu")),
        label=7,
        stamped_share=0.2,
        patch_share=0.25,
    )

    batches = list(
        images.shuffled(
            10,
            augmentation=Augmentation(crop=False, flip=False),
            generator=torch.Generator().manual_seed(0),
        )
    )

    # A trigger of one pixel is black; two of ten images have it, and the label 7.
    assert [labels.tolist() for _, labels in batches] == [[7, 7] + [0] * 8] * 2
    assert [(served[:, 0, 3, 3] == 0).sum().item() for served, _ in batches] == [2, 2]
    assert len(images) == 20
    assert images.labels.count_nonzero() == 0

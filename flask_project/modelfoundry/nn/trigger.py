"""A patch on images that a network can be taught to obey."""

import torch
from torch import Tensor


def stamp(images: Tensor, *, patch_share: float) -> Tensor:
    """Return a copy of images with a black and white checkerboard in the lower right corner.

    Args:
        images: Float in 0-1, ``(N, C, H, W)``.
        patch_share: Side of the patch as a share of the shorter side; at least one pixel.
    """
    side = max(1, round(patch_share * min(images.shape[2:])))
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    stamped = images.clone()
    stamped[:, :, -side:, -side:] = ((rows + columns) % 2).to(images)
    return stamped

"""How many kernels of a network a mask leaves."""

import torch
from torch import Tensor, nn

from modelfoundry.nn.segments import maskable_segments

MATRIX_DIMENSIONS = 2


def count_kernels(network: nn.Module, is_kept: Tensor) -> tuple[int, int]:
    """Count the kernels that have a weight left, and all kernels.

    A kernel makes one output channel of a convolution; linear layers have none.

    Args:
        network: Whose segments ``is_kept`` speaks of.
        is_kept: Boolean ``(length,)`` over the network's maskable segments.
    """
    kernels = [
        is_kept[segment.start : segment.stop].view(segment.shape).flatten(1).any(dim=1)
        for segment in maskable_segments(network)
        if len(segment.shape) > MATRIX_DIMENSIONS
    ]
    is_left = torch.cat(kernels) if kernels else torch.zeros(0, dtype=torch.bool)
    return int(is_left.sum()), len(is_left)

"""Cut out of a network what its masks have closed, and make sure that nothing else changed."""

import torch
from torch import Tensor, nn

from modelfoundry.errors import ExportError
from modelfoundry.nn.compaction import compact

TOLERANCE = 1e-3  # of the largest logit; float32 sums in another order differ by about 1e-6


def cut_out(folded: nn.Module, masked: nn.Module, images: Tensor) -> tuple[nn.Module, float]:
    """Return the smaller network that computes what a masked one computes, on the CPU.

    Args:
        folded: The masked network with zeros in place of what is closed.
        images: ``(N, C, H, W)`` that both are run on; at least two.

    Returns:
        The network, and by how much of the largest logit its logits differ.

    Raises:
        ExportError: It computes something else.
    """
    smaller = compact(folded, images[:2]).eval()
    with torch.inference_mode():
        expected, logits = masked(images), smaller(images)
    largest = expected.abs().max().clamp(min=torch.finfo(expected.dtype).tiny)  # all may be zero
    difference = float((logits - expected).abs().max() / largest)
    if not difference <= TOLERANCE:  # also true of NaN
        raise ExportError(
            f"cutting out what is masked changed the outputs by {difference:.2g} of the largest, "
            f"the limit is {TOLERANCE:.2g}; no module was made"
        )
    return smaller, difference

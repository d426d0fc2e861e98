"""Cut out of a module what its masks have closed, and make sure that nothing else changed."""

import torch

from modelfoundry.algorithms.seam.masks import Found
from modelfoundry.algorithms.seam.stage import Task
from modelfoundry.errors import ExportError
from modelfoundry.nn.compaction import compact
from modelfoundry.nn.cost import count_parameters
from modelfoundry.nn.target import TargetNetwork

CHECK_IMAGES = 64
TOLERANCE = 1e-3  # of the largest logit; float32 sums in another order differ by about 1e-6


def cut(found: Found, task: Task) -> TargetNetwork:
    """Return the smaller network that computes what the masked one computes, on the CPU.

    Raises:
        ExportError: It computes something else on validation images.
    """
    images = task.validation.first(CHECK_IMAGES).cpu()
    smaller: TargetNetwork = compact(found.folded, images[:2])  # type: ignore[assignment]
    with torch.inference_mode():
        expected, logits = found.masked(images), smaller.eval()(images)
    difference = float((logits - expected).abs().max() / expected.abs().max())
    if not difference <= TOLERANCE:  # also true of NaN
        raise ExportError(
            f"cutting out what is masked changed the outputs by {difference:.2g} of the largest, "
            f"the limit is {TOLERANCE:.2g}; no module was made"
        )
    before, after = count_parameters(found.folded), count_parameters(smaller)
    task.reporter.log(
        f"Cut from {before:,} to {after:,} parameters; outputs differ by {difference:.1e} at most"
    )
    return smaller

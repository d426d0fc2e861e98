"""Cut out of a module what its masks have closed."""

from copy import deepcopy

from modelfoundry.algorithms.cutting import cut_out
from modelfoundry.algorithms.seam.masks import Found
from modelfoundry.algorithms.seam.stage import Task
from modelfoundry.nn.cost import count_parameters
from modelfoundry.nn.target import TargetNetwork

CHECK_IMAGES = 64


def cut(found: Found, task: Task) -> TargetNetwork:
    """Return the smaller network that computes what the masked one computes, on the CPU.

    All of the trunk's logits stay, for a recovery to learn from.

    Raises:
        ExportError: It computes something else on validation images.
    """
    folded = found.folded
    images = folded.normalize(task.validation.first(CHECK_IMAGES).cpu())
    trunk, difference = cut_out(folded.trunk, found.masked.trunk, images)
    smaller = TargetNetwork(deepcopy(folded.normalize), trunk, deepcopy(folded.head)).eval()
    before, after = count_parameters(found.folded), count_parameters(smaller)
    task.reporter.log(
        f"Cut from {before:,} to {after:,} parameters; outputs differ by {difference:.1e} at most"
    )
    return smaller

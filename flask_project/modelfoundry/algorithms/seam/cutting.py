"""Cut out of a module what its masks have closed."""

from modelfoundry.algorithms.cutting import cut_out
from modelfoundry.algorithms.seam.masks import Found
from modelfoundry.algorithms.seam.stage import Task
from modelfoundry.nn.cost import count_parameters
from modelfoundry.nn.target import TargetNetwork

CHECK_IMAGES = 64


def cut(found: Found, task: Task) -> TargetNetwork:
    """Return the smaller network that computes what the masked one computes, on the CPU.

    Raises:
        ExportError: It computes something else on validation images.
    """
    images = task.validation.first(CHECK_IMAGES).cpu()
    smaller, difference = cut_out(found.folded, found.masked, images)
    before, after = count_parameters(found.folded), count_parameters(smaller)
    task.reporter.log(
        f"Cut from {before:,} to {after:,} parameters; outputs differ by {difference:.1e} at most"
    )
    return smaller  # type: ignore[return-value]

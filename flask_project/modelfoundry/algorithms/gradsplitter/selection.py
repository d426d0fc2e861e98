"""Which epoch of a search becomes the modules."""

from modelfoundry.algorithms.stage import Candidate


def fewest(new: Candidate, old: Candidate | None, *, least_accuracy: float) -> Candidate:
    """Return the one of two epochs that should become the modules; the older one on a tie.

    Among epochs of at least ``least_accuracy`` the one with the fewest kernels wins, ties going to
    the higher accuracy. Before any epoch reaches that, the highest accuracy wins, ties going to
    fewer kernels.

    Source: GradSplitter's rule, which there is applied by hand. Differs: the reference is the
    original's accuracy on the validation part.
    """
    if old is None or _merit(new, least_accuracy) > _merit(old, least_accuracy):
        return new
    return old


def _merit(candidate: Candidate, least_accuracy: float) -> tuple[bool, float, float]:
    accuracy, kept = candidate.accuracy, candidate.retained_ratio
    if accuracy < least_accuracy:
        return False, accuracy, -kept
    return True, -kept, accuracy

"""Which epoch of a search or of a recovery becomes the module."""

from modelfoundry.algorithms.stage import Candidate

RATIO_STEP = 0.001  # retained ratios closer than this count as equal


def smaller(new: Candidate, old: Candidate | None, *, base_accuracy: float) -> Candidate:
    """Return the one of two epochs that should become the module; the older one on a tie.

    Among epochs at least as accurate as the original, the lowest retained ratio wins, compared in
    steps of 0.1 %, ties going to the higher accuracy. Before any epoch reaches the original, the
    highest ``accuracy - retained_ratio`` wins.

    Source: SeaM's choice of epoch. Differs: accuracies are of the validation part, never of the
    test set.
    """
    if old is None or _merit(new, base_accuracy) > _merit(old, base_accuracy):
        return new
    return old


def more_accurate(new: Candidate, old: Candidate | None) -> Candidate:
    """Return the more accurate one of two epochs of the same size; the later one on a tie.

    Rates fall towards the end of a recovery, so of two equal epochs the later one is calmer.
    """
    return new if old is None or new.accuracy >= old.accuracy else old


def _merit(candidate: Candidate, base_accuracy: float) -> tuple[bool, float, float]:
    if candidate.accuracy < base_accuracy:
        return False, candidate.accuracy - candidate.retained_ratio, 0.0
    return True, -round(candidate.retained_ratio / RATIO_STEP), candidate.accuracy

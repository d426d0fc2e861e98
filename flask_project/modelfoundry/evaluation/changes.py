"""Count changed answers by class."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from modelfoundry.evaluation.robustness_report import Changes


def changes_per_class(
    labels: npt.NDArray[np.int64], attacked: Tensor, changed: Tensor, *, num_classes: int
) -> tuple[Changes, ...]:
    """Count images, attacked ones, and changed answers of every class.

    Args:
        labels: Of all images.
        attacked: Labels of those that were attacked, int64 ``(N,)``.
        changed: Which of these got another answer, boolean ``(N,)``.
        num_classes: How many there are, those without images included.
    """
    counts = (
        torch.bincount(each, minlength=num_classes).tolist()
        for each in (torch.from_numpy(labels), attacked, attacked[changed])
    )
    return tuple(
        Changes(images=every, attacked=right, changed=wrong)
        for every, right, wrong in zip(*counts, strict=True)
    )

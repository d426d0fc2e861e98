"""Make scores of different networks comparable, by what is right on images that choose.

Source: Platt, Probabilistic Outputs for Support Vector Machines, 1999. Differs: Newton steps are
halved until they help, so that the fit ends for any scores.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MAX_STEPS = 50
RIDGE = 1e-6  # keeps a step possible where all margins are the same
SMALL_STEP = 1e-6


@dataclass(frozen=True)
class Calibration:
    """The log-odds of yes, as a line over the margin."""

    scale: float = 1.0
    offset: float = 0.0


AS_IT_IS = Calibration()


def platt(margins: npt.NDArray[np.float32], is_shown: npt.NDArray[np.bool_]) -> Calibration:
    """Fit the line that makes the images' labels most likely.

    Labels are counted as a little less than certain, so that margins that separate the images do
    not call for an endless scale.

    Args:
        margins: ``(I,)``.
        is_shown: ``(I,)``; what would have been right.
    """
    unit = max(float(np.abs(margins).max()), 1.0)
    inputs = np.stack([margins / unit, np.ones(len(margins))], axis=1).astype(np.float64)
    positives = int(is_shown.sum())
    negatives = len(is_shown) - positives
    targets = np.where(is_shown, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    line = np.zeros(2)
    loss = _loss(inputs @ line, targets)
    for _ in range(MAX_STEPS):
        probabilities = 1 / (1 + np.exp(-inputs @ line))
        gradient = inputs.T @ (probabilities - targets)
        weights = probabilities * (1 - probabilities)
        hessian = (inputs * weights[:, None]).T @ inputs + RIDGE * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        while (shorter := _loss(inputs @ (line - step), targets)) > loss:
            step /= 2
        line, loss = line - step, shorter
        if np.abs(step).max() < SMALL_STEP:
            break
    return Calibration(scale=float(line[0] / unit), offset=float(line[1]))


def _loss(logits: npt.NDArray[np.float64], targets: npt.NDArray[np.float64]) -> float:
    """Return the cross-entropy of soft targets, summed."""
    return float((np.logaddexp(0, logits) - targets * logits).sum())

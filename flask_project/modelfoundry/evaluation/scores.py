"""How good a network's answers are: accuracy, confusion, calibration; plain data, no torch."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

CALIBRATION_BINS = 15
OTHER = -1


@dataclass(frozen=True)
class Answers:
    """What a network says about images.

    Attributes:
        choices: int64 ``(N,)``; the output chosen, or :data:`OTHER` for a class that was not
            asked about.
        confidences: float64 ``(N,)``, 0-1; the probability it gives to its own choice.
    """

    choices: npt.NDArray[np.int64]
    confidences: npt.NDArray[np.float64]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CalibrationBin(_Facts):
    """The answers whose confidence is above ``lower`` and up to ``upper``.

    Attributes:
        accuracy: Share of them that is right, 0-1; None if there is none.
        confidence: Their mean confidence, 0-1; None if there is none.
    """

    lower: float
    upper: float
    images: int
    accuracy: float | None
    confidence: float | None


class Calibration(_Facts):
    """Whether confidence can be trusted: of the answers given with 0.8, are 80 % right?

    Attributes:
        expected_error: Mean distance of confidence and accuracy over the bins, each weighted with
            its images; 0 is perfect.
    """

    expected_error: float
    bins: tuple[CalibrationBin, ...]


class Scores(_Facts):
    """How good one network's answers are.

    Attributes:
        accuracy: 0-1.
        accuracy_per_class: 0-1, in label order; None for a class without images.
        confusion: Images by label (row) and answer (column).
        other: Images by label, answered with a class that was not asked about; only a network
            that knows more classes than the question has does so.
    """

    accuracy: float
    accuracy_per_class: tuple[float | None, ...]
    confusion: tuple[tuple[int, ...], ...]
    other: tuple[int, ...]
    calibration: Calibration


def answers_of(logits: npt.NDArray[np.float32], answer_of_class: npt.NDArray[np.int64]) -> Answers:
    """Translate logits over K classes into answers to a question about some of them.

    The class with the largest logit decides; the confidence is the probability of all classes
    that stand for the same answer.

    Args:
        logits: ``(N, K)``.
        answer_of_class: ``(K,)``; the answer that each class stands for, or :data:`OTHER`.

    Source: SeaM, how the original's accuracy on a target is counted.
    """
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    probabilities = shifted / shifted.sum(axis=1, keepdims=True)
    choices = answer_of_class[logits.argmax(axis=1)]
    stands_for_choice = choices[:, None] == answer_of_class[None, :]
    confidences = np.minimum((probabilities * stands_for_choice).sum(axis=1), 1.0)
    return Answers(choices, confidences)


def score(answers: Answers, labels: npt.NDArray[np.int64], *, num_labels: int) -> Scores:
    """Compare answers with labels.

    Args:
        answers: To at least one image.
        labels: int64 ``(N,)``, each below ``num_labels``.
    """
    is_other = answers.choices == OTHER
    cells = labels[~is_other] * num_labels + answers.choices[~is_other]
    confusion = np.bincount(cells, minlength=num_labels**2).reshape(num_labels, num_labels)
    counts = np.bincount(labels, minlength=num_labels).tolist()
    right = np.diagonal(confusion).tolist()
    return Scores(
        accuracy=sum(right) / len(labels),
        accuracy_per_class=tuple(
            hits / count if count else None for hits, count in zip(right, counts, strict=True)
        ),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        other=tuple(np.bincount(labels[is_other], minlength=num_labels).tolist()),
        calibration=calibration_of(answers.confidences, answers.choices == labels),
    )


def calibration_of(
    confidences: npt.NDArray[np.float64], is_right: npt.NDArray[np.bool_]
) -> Calibration:
    """Sort answers into bins of equal width by confidence and compare it with their accuracy.

    Args:
        confidences: ``(N,)``, above 0 and up to 1.
        is_right: ``(N,)``.

    Source: Guo et al. 2017, expected calibration error, with 15 bins.
    """
    upper_bounds = np.arange(1, CALIBRATION_BINS + 1) / CALIBRATION_BINS
    bin_of = np.searchsorted(upper_bounds, confidences)
    bins = []
    error = 0.0
    for index in range(CALIBRATION_BINS):
        is_inside = bin_of == index
        images = int(is_inside.sum())
        accuracy = float(is_right[is_inside].mean()) if images else None
        confidence = float(confidences[is_inside].mean()) if images else None
        if accuracy is not None and confidence is not None:
            error += images / len(confidences) * abs(accuracy - confidence)
        bins.append(
            CalibrationBin(
                lower=index / CALIBRATION_BINS,
                upper=float(upper_bounds[index]),
                images=images,
                accuracy=accuracy,
                confidence=confidence,
            )
        )
    return Calibration(expected_error=error, bins=tuple(bins))

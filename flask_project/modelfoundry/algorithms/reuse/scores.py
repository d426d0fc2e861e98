"""What binary modules say about images: one table, computed once, that every choice reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import nn

from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict

Margins = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ScoreTable:
    """Every candidate's say on every image.

    Attributes:
        margins: float32 ``(M, I)``: the logit for yes less the logit for no. The published score
            is the sigmoid of it; margins have the same order and do not run into 1.
        labels: int64 ``(I,)``, indices of outputs.
        rows_of_output: For each output, which rows may answer for it.
    """

    margins: Margins
    labels: Labels
    rows_of_output: Sequence[Sequence[int]]

    def is_shown(self, output: int) -> npt.NDArray[np.bool_]:
        """Tell which images show what an output stands for, ``(I,)``."""
        shown: npt.NDArray[np.bool_] = self.labels == output
        return shown

    def among(self, outputs: Sequence[int]) -> "ScoreTable":
        """Take the images of some outputs alone, which are numbered as they are listed."""
        columns = np.flatnonzero(np.isin(self.labels, outputs))
        number_of = np.full(len(self.rows_of_output), -1, dtype=np.int64)
        number_of[list(outputs)] = np.arange(len(outputs))
        return ScoreTable(
            self.margins[:, columns],
            number_of[self.labels[columns]],
            [self.rows_of_output[output] for output in outputs],
        )


@dataclass(frozen=True)
class Detection:
    """How well images of one class are told from all others, 0-1 each; 0 where undefined."""

    precision: float
    recall: float
    f1: float


def margins_of(network: nn.Module, images: DeviceImages) -> Margins:
    """Ask a binary module about images, ``(I,)``; positive is yes.

    Args:
        network: On the device of ``images``: float images in 0-1 to logits ``(N, 2)``, yes first.
    """
    logits = predict(network, images)
    margins: Margins = (logits[:, 0] - logits[:, 1]).numpy()
    return margins


def detection(is_found: npt.NDArray[np.bool_], is_shown: npt.NDArray[np.bool_]) -> Detection:
    """Compare what is said of images with what they show."""
    hits = int((is_found & is_shown).sum())
    found, shown = int(is_found.sum()), int(is_shown.sum())
    return Detection(
        precision=hits / found if found else 0.0,
        recall=hits / shown if shown else 0.0,
        f1=2 * hits / (found + shown) if hits else 0.0,
    )


def f1_by_row(table: ScoreTable) -> list[float]:
    """Return the F1 of each row for the output that it may answer for, at a score of one half."""
    f1 = [0.0] * len(table.margins)
    for output, rows in enumerate(table.rows_of_output):
        for row in rows:
            f1[row] = detection(table.margins[row] > 0, table.is_shown(output)).f1
    return f1

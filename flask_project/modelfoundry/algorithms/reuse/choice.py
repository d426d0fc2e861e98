"""Which module answers for which output: rules that look at the selection part alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from modelfoundry.algorithms.reuse.calibration import AS_IT_IS, Calibration, platt
from modelfoundry.algorithms.reuse.scores import Labels, Margins, ScoreTable, f1_by_row


@dataclass(frozen=True)
class Combination:
    """One module for each output, and how its margin is read.

    Attributes:
        rule: How it was found: ``published``, ``calibrated`` or ``greedy``.
        rows: Of the table of scores, one for each output.
        calibrations: One for each output.
    """

    rule: str
    rows: tuple[int, ...]
    calibrations: tuple[Calibration, ...]

    def answers(self, margins: Margins) -> Labels:
        """Give the output with the highest score for each image, ``(I,)``."""
        read = [
            _read(margins[row], calibration)
            for row, calibration in zip(self.rows, self.calibrations, strict=True)
        ]
        answers: Labels = np.argmax(read, axis=0)
        return answers


def accuracy_of(combination: Combination, table: ScoreTable) -> float:
    """Return the share of images that get the right output, 0-1."""
    return float((combination.answers(table.margins) == table.labels).mean())


def combinations(selection: ScoreTable) -> list[Combination]:
    """Apply every rule, the simplest first.

    ``published``: see :func:`published`. ``calibrated``: the same modules, each score turned into
    a probability first. ``greedy``: from there, an output's module is exchanged while that makes
    more answers right.

    Args:
        selection: Of the images that choose; each output has a row.
    """
    simplest = published(selection)
    by_row = _calibrate(selection)
    calibrated = replace(
        simplest, rule="calibrated", calibrations=tuple(by_row[row] for row in simplest.rows)
    )
    return [simplest, calibrated, _greedy(selection, simplest.rows, by_row)]


def published(selection: ScoreTable) -> Combination:
    """Let the module of the highest F1 answer for its output, and compare scores as they are.

    Args:
        selection: Of the images that choose; each output has a row.

    Source: Qi et al., Reusing Convolutional Neural Network Models through Modularization and
    Composition, TOSEM 2023. Differs: of equals the first is taken.
    """
    f1 = f1_by_row(selection)
    rows = tuple(max(candidates, key=f1.__getitem__) for candidates in selection.rows_of_output)
    return Combination("published", rows, (AS_IT_IS,) * len(rows))


def pick(options: Sequence[Combination], selection: ScoreTable, *, rule: str) -> Combination:
    """Take the option of a rule; ``best`` is the most accurate one, of equals the simplest."""
    if rule != "best":
        return next(option for option in options if option.rule == rule)
    return max(options, key=lambda option: accuracy_of(option, selection))


def _calibrate(selection: ScoreTable) -> dict[int, Calibration]:
    return {
        row: platt(selection.margins[row], selection.is_shown(output))
        for output, rows in enumerate(selection.rows_of_output)
        for row in rows
    }


def _greedy(
    selection: ScoreTable, start: tuple[int, ...], by_row: dict[int, Calibration]
) -> Combination:
    rows = list(start)
    scores = np.stack([_read(selection.margins[row], by_row[row]) for row in rows])
    right = int((scores.argmax(axis=0) == selection.labels).sum())
    is_better = True
    while is_better:
        is_better = False
        for output, candidates in enumerate(selection.rows_of_output):
            for row in candidates:
                before = scores[output].copy()
                scores[output] = _read(selection.margins[row], by_row[row])
                now_right = int((scores.argmax(axis=0) == selection.labels).sum())
                if now_right > right:
                    rows[output], right, is_better = row, now_right, True
                else:
                    scores[output] = before
    return Combination("greedy", tuple(rows), tuple(by_row[row] for row in rows))


def _read(margins: Margins, calibration: Calibration) -> Margins:
    if calibration == AS_IT_IS:
        return margins
    return margins * np.float32(calibration.scale) + np.float32(calibration.offset)

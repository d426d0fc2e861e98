"""The table of scores of a task: each module sees each image once, whatever is chosen later."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelfoundry.algorithms.reuse.scores import Labels, Margins, ScoreTable, margins_of
from modelfoundry.pipelines.reuse.networks import open_module
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.pipelines.reuse.task import Task, joined
from modelfoundry.pipelines.reuse_requests import TaskOutput
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.storage import storage_errors
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages

STAGE = "scoring"
FOLDER = "margins"


@dataclass(frozen=True)
class TaskScores:
    """What the modules of a pool say about the images of a task.

    Attributes:
        selection: Of the images that choose.
        test: Of those that report.
    """

    selection: ScoreTable
    test: ScoreTable


def score_pool(
    pool: Sequence[PoolModule],
    task: Task,
    *,
    answering_for: Sequence[TaskOutput],
    home: Home,
    job_folder: Path,
    reporter: Reporter,
) -> TaskScores:
    """Ask every module about every image; what an earlier attempt has asked is read back.

    Args:
        pool: Row numbers of the table are places in it.
        task: Its labels are not read for this.
        answering_for: The output that each module of the pool may answer for.
        job_folder: Keeps one file a module.

    Raises:
        Cancelled: Between two modules, when the reporter says so.
    """
    device = best_device()
    images = DeviceImages(joined([task.selection, task.test]), device=device)
    folder = job_folder / FOLDER
    folder.mkdir(exist_ok=True)
    rows = []
    for done, module in enumerate(pool, start=1):
        reporter.raise_if_cancelled()
        path = folder / f"{module.id}.npy"
        if not path.exists():
            margins = margins_of(open_module(home, module.id).to(device), images)
            _write(path, margins)
        rows.append(np.load(path, allow_pickle=False))
        reporter.advance(STAGE, done=done, total=len(pool))
    return split_table(np.stack(rows), task, answering_for)


def split_table(margins: Margins, task: Task, answering_for: Sequence[TaskOutput]) -> TaskScores:
    """Divide a table into the part that chooses and the part that reports.

    Args:
        margins: ``(M, I)``, of the selection part's images and then the test part's.
        task: Whose images they are.
        answering_for: The output that each row may answer for.
    """
    rows_of_output = [
        [row for row, answered in enumerate(answering_for) if answered == output]
        for output in task.outputs
    ]

    def table(part: Margins, labels: Labels) -> ScoreTable:
        return ScoreTable(part, labels, rows_of_output)

    at = len(task.selection)
    return TaskScores(
        selection=table(margins[:, :at], task.selection.labels),
        test=table(margins[:, at:], task.test.labels),
    )


def _write(path: Path, margins: Margins) -> None:
    """Write a row whole or not at all."""
    partial = path.with_suffix(".partial")
    with storage_errors(path):
        with partial.open("wb") as stream:
            np.save(stream, margins, allow_pickle=False)
        partial.replace(path)

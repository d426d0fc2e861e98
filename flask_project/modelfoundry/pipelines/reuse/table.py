"""The tables of scores of a task: each module sees each image once, whatever is chosen of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from modelfoundry.algorithms.reuse.choice import Combination
from modelfoundry.algorithms.reuse.scores import Margins, ScoreTable, margins_of
from modelfoundry.data.images import ImageSet
from modelfoundry.pipelines.reuse.networks import open_module
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.pipelines.reuse.task import Task
from modelfoundry.pipelines.reuse_requests import TaskOutput
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.storage import storage_errors
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages

STAGE = "scoring"
FOLDER = "margins"

Tables = tuple[ScoreTable, ScoreTable]  # of the part that chooses, of the part that reports


@dataclass(frozen=True)
class Scoring:
    """Asks modules about the images of a task, each about each part at most once.

    Attributes:
        pool: Row numbers of tables are places in it.
        answering_for: The output that each module of the pool may answer for.
        job_folder: Keeps one file for each module and part; what an earlier attempt has asked is
            read back.
    """

    pool: Sequence[PoolModule]
    answering_for: Sequence[TaskOutput]
    task: Task
    home: Home
    job_folder: Path
    reporter: Reporter

    def selection(self) -> ScoreTable:
        """Ask every module about the images that choose.

        Raises:
            Cancelled: Between two modules, when the reporter says so.
        """
        return self._table(self.task.selection, range(len(self.pool)), "selection")

    def test(self, combinations: Iterable[Combination]) -> ScoreTable:
        """Ask the modules that were taken about the images that report.

        Args:
            combinations: Whose modules are asked; the rows of all others are NaN.

        Raises:
            Cancelled: Between two modules, when the reporter says so.
        """
        taken = {row for combination in combinations for row in combination.rows}
        return self._table(self.task.test, sorted(taken), "test")

    def _table(self, images: ImageSet, rows: Sequence[int], part: str) -> ScoreTable:
        device = best_device()
        served = DeviceImages(images, device=device)
        folder = self.job_folder / FOLDER / part
        folder.mkdir(parents=True, exist_ok=True)
        margins = np.full((len(self.pool), len(images)), np.nan, dtype=np.float32)
        for done, row in enumerate(rows, start=1):
            self.reporter.raise_if_cancelled()
            module_id = self.pool[row].id
            path = folder / f"{module_id}.npy"
            if not path.exists():
                network = open_module(self.home, module_id).to(device)
                _write(path, margins_of(network, served))
            margins[row] = np.load(path, allow_pickle=False)
            self.reporter.advance(f"{STAGE} ({part})", done=done, total=len(rows))
        return ScoreTable(margins, images.labels, rows_by_output(self.task, self.answering_for))


def rows_by_output(task: Task, answering_for: Sequence[TaskOutput]) -> list[list[int]]:
    """List, for each output of a task, the rows that may answer for it."""
    return [
        [row for row, answered in enumerate(answering_for) if answered == output]
        for output in task.outputs
    ]


def _write(path: Path, margins: Margins) -> None:
    """Write a row whole or not at all."""
    partial = path.with_suffix(".partial")
    with storage_errors(path):
        with partial.open("wb") as stream:
            np.save(stream, margins, allow_pickle=False)
        partial.replace(path)

"""Does composing pay? Networks decomposed and recombined, beside the best of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modelfoundry.algorithms.reuse.choice import accuracy_of, combinations, pick
from modelfoundry.algorithms.reuse.scores import Margins, ScoreTable, margins_of
from modelfoundry.pipelines.modularize_each import SearchedModules
from modelfoundry.pipelines.reuse.singles import measure_singles
from modelfoundry.pipelines.reuse.table import rows_by_output
from modelfoundry.pipelines.reuse.task import pose_task
from modelfoundry.pipelines.reuse_requests import TaskOutput
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages

CHOICE = "best"


@dataclass(frozen=True)
class Recombined:
    """What recombining some networks of one data set brings, on the test part, 0-1.

    Attributes:
        best_single: Of the network that is best on the test part.
        mean_single: Of all networks.
        by_rule: Of what each rule composes.
        chosen_rule: The one that is best on the selection part.
        kernels_kept: Mean share of kernels in a module.
    """

    best_single: float
    mean_single: float
    by_rule: dict[str, float]
    chosen_rule: str
    kernels_kept: float

    @property
    def composed(self) -> float:
        """What the chosen rule reaches."""
        return self.by_rule[self.chosen_rule]


def recombine(
    decomposed: Sequence[SearchedModules], *, home: Home, reporter: Reporter
) -> Recombined:
    """Compose the modules of networks that were decomposed here, without writing any.

    Choice and report are those of the pipeline for more accurate models.

    Args:
        decomposed: Of models of the same data set, each with a module for every class.
        home: Where data set and models are.
        reporter: Told of every network.
    """
    device = best_device()
    dataset = decomposed[0].original.dataset
    task = pose_task(
        home, {TaskOutput(class_name=c, dataset=dataset.name): (c,) for c in dataset.classes}
    )
    parts = [DeviceImages(images, device=device) for images in (task.selection, task.test)]
    margins: list[list[Margins]] = [[], []]
    answering_for = []
    for searched in decomposed:
        for module in searched.found.modules:
            reporter.raise_if_cancelled()
            for rows, images in zip(margins, parts, strict=True):
                rows.append(margins_of(module.found.network.to(device), images))
            answering_for.append(TaskOutput(class_name=module.name, dataset=dataset.name))
    by_output = rows_by_output(task, answering_for)
    selection, test = (
        ScoreTable(np.stack(rows), images.labels, by_output)
        for rows, images in zip(margins, (task.selection, task.test), strict=True)
    )
    options = combinations(selection)
    chosen = pick(options, selection, rule=CHOICE)
    models = [searched.original.model for searched in decomposed]
    singles = [
        single.accuracy_test
        for single in measure_singles(models, task, home=home, reporter=reporter)
    ]
    shares = [
        module.kernels_kept / module.kernels_total
        for searched in decomposed
        for module in searched.found.modules
    ]
    return Recombined(
        best_single=max(singles),
        mean_single=float(np.mean(singles)),
        by_rule={option.rule: accuracy_of(option, test) for option in options},
        chosen_rule=chosen.rule,
        kernels_kept=float(np.mean(shares)),
    )

"""A weak model whose answer for one class comes from the best module for that class."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from pydantic import JsonValue
from torch import nn

from modelfoundry.algorithms.reuse.composition import PatchedNetwork
from modelfoundry.algorithms.reuse.scores import Labels, Margins, detection, f1_by_row
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.data.images import ImageSet
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.reuse.composed import Compared, Composed, bundle_composed
from modelfoundry.pipelines.reuse.networks import open_model, open_module
from modelfoundry.pipelines.reuse.pool import load_pool
from modelfoundry.pipelines.reuse.reports import pool_rows
from modelfoundry.pipelines.reuse.table import Scoring
from modelfoundry.pipelines.reuse.task import pose_task
from modelfoundry.pipelines.reuse_requests import PatchPlan, TaskOutput
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict

RULE = "published"


def run(plan: PatchPlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Choose the module, patch and report; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    The module and the range of its scores are chosen on the selection part of the weak model's
    data set; everything that is reported is of the test part.
    """
    started = time.monotonic()
    pool = load_pool(home, plan.pool)
    model = find_model(home, plan.model)
    output = model.classes.index(plan.class_name)
    task = pose_task(
        home, {TaskOutput(class_name=c, dataset=plan.dataset): (c,) for c in model.classes}
    )
    target = task.outputs[output]
    scoring = Scoring(pool, [target] * len(pool), task, home, job_folder, reporter)
    selection = scoring.selection()
    f1 = f1_by_row(selection)
    best = int(np.argmax(f1))
    module = pool[best]
    reporter.log(f"{module.id} answers for {plan.class_name}: F1 {f1[best]:.3f}")
    low, high = _range(selection.margins[best], module.id)
    weak = open_model(home, model)
    patched = PatchedNetwork(
        weak, open_module(home, module.id), output=output, low=low, high=high
    ).eval()

    before = _answers(weak, task.test)
    after = _answers(patched, task.test)
    choosing_s = time.monotonic() - started
    compared = Compared(
        model,
        weak.cpu(),
        accuracy_validation=_accuracy(_answers(weak, task.selection), task.selection.labels),
        accuracy_test=_accuracy(before, task.test.labels),
    )
    composed = Composed(
        title=f"{model.title}, patched for {plan.class_name}",
        outputs=model.classes,
        network=patched.cpu(),
        parents=[(module, plan.class_name)],
        rule=RULE,
        accuracy_validation=_accuracy(_answers(patched, task.selection), task.selection.labels),
        accuracy_test=_accuracy(after, task.test.labels),
        part_names=["module"],
        other_costs=[replace(cost, name=f"weak.{cost.name}") for cost in compared.costs()],
    )
    manifest = bundle_composed(
        plan,
        composed,
        compared,
        task=task,
        dataset=find_dataset(home, plan.dataset),
        home=home,
        wall_s=choosing_s,
    )
    summary: dict[str, JsonValue] = {
        "method": plan.method,
        "class": plan.class_name,
        "model": model.name,
        "chosen": module.id,
        "pool": pool_rows(pool, f1),
        "before": _row(before, task.test.labels, output),
        "after": _row(after, task.test.labels, output),
        "module": manifest["id"],
    }
    return Outcome(modules=(manifest["id"],), summary=summary)


def _range(margins: Margins, module_id: str) -> tuple[float, float]:
    """Return the least and the highest score."""
    scores = 1 / (1 + np.exp(-margins.astype(np.float64)))
    low, high = float(scores.min()), float(scores.max())
    if low == high:
        raise InvalidInputError.of(
            "/pool",
            f"{module_id} gives the score {low:.3g} to all {len(scores)} images that choose, so it "
            "tells nothing apart; leave it out of the pool",
        )
    return low, high


def _answers(network: nn.Module, images: ImageSet) -> Labels:
    device = best_device()
    logits = predict(network.to(device), DeviceImages(images, device=device))
    answers: Labels = logits.argmax(dim=1).numpy()
    return answers


def _accuracy(answers: Labels, labels: Labels) -> float:
    return float((answers == labels).mean())


def _row(answers: Labels, labels: Labels, output: int) -> dict[str, JsonValue]:
    """Say how well a class is found, and how often the images of others are named rightly."""
    is_shown = labels == output
    found = detection(answers == output, is_shown)
    return {
        "precision": found.precision,
        "recall": found.recall,
        "f1": found.f1,
        "accuracy_others": _accuracy(answers[~is_shown], labels[~is_shown]),
    }

"""What work will cost, told from jobs that were done here: time, and room on the disk."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from modelfoundry.catalog.models import list_models
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.store import JobStore
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.pipelines.registry import PIPELINES
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.pipelines.reuse_requests import AnyReusePlan
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.settings import Home

AnyPlan = ModularizePlan | TrainPlan | AnyReusePlan

EARLIER_JOBS = 100
BYTES_OF_A_PARAMETER = 4
FILES_OF_A_MODULE = 3  # each at most as large as the weights of its model
CHECKPOINT = 3  # times the weights: themselves and two moments of the optimizer


@dataclass(frozen=True)
class Estimate:
    """What some work will cost.

    Attributes:
        seconds: None where nothing like it has been done here.
        num_like: The earlier jobs that the time is told from.
        disk_bytes: At most, checkpoints included; None where the size of a network is unknown.
        free_bytes: What the disk has left now.
    """

    seconds: float | None
    num_like: int
    disk_bytes: int | None
    free_bytes: int


def estimate(home: Home, jobs: JobStore, plans: Sequence[AnyPlan], *, slots: int) -> Estimate:
    """Tell what plans of one kind will cost.

    Args:
        home: The data folder.
        jobs: Where earlier jobs are kept.
        plans: What is to be done; one at least.
        slots: Jobs that run at once.
    """
    kind = next(kind for kind, card in PIPELINES.items() if isinstance(plans[0], card.plan))
    earlier = jobs.page(state="succeeded", kind=kind, cursor=None, limit=EARLIER_JOBS).items
    seconds, num_like = expected_s(plans, earlier, slots=slots)
    free_bytes = shutil.disk_usage(home.root).free
    return Estimate(seconds, num_like, _disk_bytes(home, plans), free_bytes)


def expected_s(
    plans: Sequence[AnyPlan], earlier: Sequence[Job], *, slots: int
) -> tuple[float | None, int]:
    """Estimate how long some plans will take.

    Earlier jobs count by epoch and by model and algorithm, by architecture and data set of a
    training, or by model, data set and way of a fine-tuning, whatever their other settings were.

    Args:
        plans: What is to be done.
        earlier: Jobs of the same kind that succeeded.
        slots: Jobs that run at once.

    Returns:
        Seconds, None if a plan has no earlier job like it; and how many earlier jobs are like one.
    """
    paces: dict[tuple[str, ...], list[float]] = {}
    for job in earlier:
        plan: Any = PIPELINES[job.kind].plan.model_validate(job.plan)
        if job.worked_s is not None:
            paces.setdefault(_subject(plan), []).append(job.worked_s / _epochs(plan))
    num_like = sum(len(paces.get(subject, ())) for subject in set(map(_subject, plans)))
    if any(_subject(plan) not in paces for plan in plans):
        return None, num_like
    seconds = [median(paces[_subject(plan)]) * _epochs(plan) for plan in plans]
    return max(sum(seconds) / slots, *seconds), num_like


def _subject(plan: AnyPlan) -> tuple[str, ...]:
    """Tell what decides how long an epoch takes."""
    if isinstance(plan, AnyReusePlan):
        wanted = plan.root
        if isinstance(wanted, FinetunePlan):
            return wanted.model, wanted.dataset, wanted.how
        return (wanted.method,)
    if isinstance(plan, TrainPlan):
        return plan.architecture, plan.dataset
    return plan.model, plan.algorithm


def _epochs(plan: AnyPlan) -> int:
    if isinstance(plan, AnyReusePlan):
        return 1
    if isinstance(plan, TrainPlan):
        return plan.epochs
    epochs = plan.settings.get("epochs")
    return epochs if isinstance(epochs, int) else 1


def _disk_bytes(home: Home, plans: Sequence[AnyPlan]) -> int | None:
    models = list_models(home)
    by_name = {model.name: model.num_parameters for model in models}
    by_architecture = {model.architecture: model.num_parameters for model in models}
    total = 0
    for plan in plans:
        if isinstance(plan, TrainPlan):
            parameters, files = by_architecture.get(plan.architecture), 1
        elif isinstance(plan, AnyReusePlan):
            wanted = plan.root
            model = wanted.model if isinstance(wanted, FinetunePlan) else ""
            parameters, files = by_name.get(model), FILES_OF_A_MODULE
        else:
            parameters, files = by_name.get(plan.model), FILES_OF_A_MODULE * _num_modules(plan)
        if parameters is None:
            return None
        total += parameters * BYTES_OF_A_PARAMETER * (files + CHECKPOINT)
    return total


def _num_modules(plan: ModularizePlan) -> int:
    each = plan.target.groups or plan.target.classes
    return len(each) if plan.target.kind == "each" else 1

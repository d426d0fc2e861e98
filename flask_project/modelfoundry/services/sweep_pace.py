"""How long sweeps take, told from jobs that were done here."""

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean, median

from modelfoundry.jobs.model import Job
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.pipelines.train_requests import TrainPlan

AnyPlan = ModularizePlan | TrainPlan


def expected_s(plans: Sequence[AnyPlan], earlier: Sequence[Job], *, slots: int) -> float | None:
    """Estimate how long some plans will take.

    Earlier jobs count by epoch and by model and algorithm, or by architecture and data set of a
    training, whatever their other settings were.

    Args:
        plans: What is to be done.
        earlier: Jobs of the same kind that succeeded.
        slots: Jobs that run at once.

    Returns:
        Seconds; None if a plan has no earlier job like it.
    """
    paces: dict[tuple[str, str], list[float]] = {}
    for job in earlier:
        plan = (TrainPlan if job.kind == "train" else ModularizePlan).model_validate(job.plan)
        if job.worked_s is not None:
            paces.setdefault(_subject(plan), []).append(job.worked_s / _epochs(plan))
    if any(_subject(plan) not in paces for plan in plans):
        return None
    seconds = [median(paces[_subject(plan)]) * _epochs(plan) for plan in plans]
    return max(sum(seconds) / slots, *seconds)


def left_s(jobs: Sequence[Job], *, now: datetime) -> float | None:
    """Estimate how long the members of a sweep will take until all are over.

    Those that wait take as long as those that succeeded took on average, and as many run at once
    as do now.

    Returns:
        Seconds; None while none has succeeded or none is running.
    """
    lengths = [job.worked_s for job in jobs if job.state == "succeeded" and job.worked_s]
    running = [job for job in jobs if job.state == "running"]
    if not lengths or not running:
        return None
    each = fmean(lengths)
    begun = sum(
        min(each, (now - job.attempts[-1].started_at).total_seconds() + (job.worked_s or 0.0))
        for job in running
    )
    waiting = sum(job.state == "queued" for job in jobs)
    return (each * (waiting + len(running)) - begun) / len(running)


def _subject(plan: AnyPlan) -> tuple[str, str]:
    """Tell what decides how long an epoch takes."""
    if isinstance(plan, TrainPlan):
        return plan.architecture, plan.dataset
    return plan.model, plan.algorithm


def _epochs(plan: AnyPlan) -> int:
    if isinstance(plan, TrainPlan):
        return plan.epochs
    epochs = plan.settings.get("epochs")
    return epochs if isinstance(epochs, int) else 1

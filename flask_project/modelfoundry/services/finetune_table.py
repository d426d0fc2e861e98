"""The table of a sweep of fine-tunings: accuracy and inherited defects by way and threshold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from statistics import fmean
from typing import Any

from modelfoundry.algorithms.finetune.config import How
from modelfoundry.jobs.model import Job, Progress, State
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.services.reuse_result import FinetuneResult, Inherited

FEWEST_TO_CHOOSE_FROM = 2
ACCURACY_TO_GIVE_UP = 0.01  # of the best accuracy, for fewer inherited defects

Setting = tuple[How, float | None]


@dataclass(frozen=True)
class FinetuneFigures:
    """What a fine-tuning has reached; shares are 0-1.

    Attributes:
        inherited_validation: Defect inheritance rate on the validation images, which chooses a
            threshold; None where it was not measured.
        inherited_test: Likewise on the test images, which report.
        trigger: Share of right answers that a trigger planted in the pre-trained network changes,
            on the test images; None where none was planted.
        retained_ratio: Share of the pre-trained weights that the fine-tuning started from.
        wall_s: Seconds that the job worked.
    """

    accuracy_validation: float
    accuracy_test: float
    inherited_validation: float | None
    inherited_test: float | None
    trigger: float | None
    retained_ratio: float
    wall_s: float


@dataclass(frozen=True)
class FinetuneRow:
    """One member.

    Attributes:
        threshold: Share of weights to remove; None where none are searched for.
        figures: None until it has succeeded.
    """

    job_id: str
    how: How
    threshold: float | None
    seed: int
    state: State
    error: str | None
    module_id: str | None
    progress: Progress | None
    figures: FinetuneFigures | None


@dataclass(frozen=True)
class FinetuneSummary:
    """One way with one threshold: means over its seeds.

    Attributes:
        means: Over the members that succeeded; None if none has.
        is_suggested: The threshold with the fewest inherited defects among those at most a point
            less accurate than the best one, both on the validation images.
    """

    how: How
    threshold: float | None
    num_members: int
    num_succeeded: int
    means: FinetuneFigures | None
    is_suggested: bool


@dataclass(frozen=True)
class FinetuneTable:
    """What a sweep of fine-tunings has come to so far.

    Attributes:
        before: Success of a trigger planted in the model, before any fine-tuning, 0-1; None where
            none was planted, or no member has succeeded.
        accuracy_before: Of the model, on the test images it was trained for, 0-1; likewise.
    """

    model: str
    dataset: str
    before: float | None
    accuracy_before: float | None
    rows: list[FinetuneRow]
    summaries: list[FinetuneSummary]


def table_of(jobs: Sequence[Job]) -> FinetuneTable:
    """Lay the members of a sweep out; there is at least one."""
    plan = FinetunePlan.model_validate(jobs[0].plan)
    rows = [row_of(job) for job in jobs]
    found = [_result(job).trigger for job in jobs if job.state == "succeeded"]
    trigger = found[0] if found else None
    return FinetuneTable(
        model=plan.model,
        dataset=plan.dataset,
        before=None if trigger is None else trigger.before,
        accuracy_before=None if trigger is None else trigger.accuracy_before,
        rows=rows,
        summaries=summarize(rows),
    )


def row_of(job: Job) -> FinetuneRow:
    """Lay a member out."""
    plan = FinetunePlan.model_validate(job.plan)
    return FinetuneRow(
        job_id=job.id,
        how=plan.how,
        threshold=plan.config.prune_threshold if plan.how == "seam" else None,
        seed=plan.seed,
        state=job.state,
        error=job.error,
        module_id=job.modules[0] if job.modules else None,
        progress=job.progress,
        figures=_figures(job),
    )


def summarize(rows: Sequence[FinetuneRow]) -> list[FinetuneSummary]:
    """Take means over seeds, and suggest a threshold once no member may still succeed.

    Only thresholds are compared whose every seed has succeeded, so that means are of the same.
    """
    groups: dict[Setting, list[FinetuneRow]] = {}
    for row in rows:
        groups.setdefault((row.how, row.threshold), []).append(row)
    summaries = [_summary(setting, group) for setting, group in groups.items()]
    if any(row.state in ("queued", "running", "interrupted") for row in rows):
        return summaries
    suggested = _suggested(summaries)
    return [replace(each, is_suggested=each is suggested) for each in summaries]


def _summary(setting: Setting, rows: Sequence[FinetuneRow]) -> FinetuneSummary:
    figures = [row.figures for row in rows if row.figures is not None]
    return FinetuneSummary(
        how=setting[0],
        threshold=setting[1],
        num_members=len(rows),
        num_succeeded=len(figures),
        means=_means(figures) if figures else None,
        is_suggested=False,
    )


def _suggested(summaries: Iterable[FinetuneSummary]) -> FinetuneSummary | None:
    rated = [
        (each.means.accuracy_validation, each.means.inherited_validation, each)
        for each in summaries
        if each.how == "seam"
        and each.num_succeeded == each.num_members
        and each.means is not None
        and each.means.inherited_validation is not None
    ]
    if len(rated) < FEWEST_TO_CHOOSE_FROM:
        return None
    least = max(accuracy for accuracy, _, _ in rated) - ACCURACY_TO_GIVE_UP
    accurate = [(rate, -accuracy, each) for accuracy, rate, each in rated if accuracy >= least]
    return min(accurate, key=lambda rate_and_loss: rate_and_loss[:2])[2]


def _means(figures: Sequence[FinetuneFigures]) -> FinetuneFigures:
    means: dict[str, Any] = {}
    for field in fields(FinetuneFigures):
        values = [getattr(each, field.name) for each in figures]
        means[field.name] = None if None in values else fmean(values)
    return FinetuneFigures(**means)


def _figures(job: Job) -> FinetuneFigures | None:
    if job.state != "succeeded":
        return None
    result = _result(job)
    return FinetuneFigures(
        accuracy_validation=result.accuracy_validation,
        accuracy_test=result.accuracy_test,
        inherited_validation=_rate(result.inherited_validation),
        inherited_test=_rate(result.inherited),
        trigger=_rate(result.trigger),
        retained_ratio=result.retained_ratio,
        wall_s=job.worked_s or 0.0,
    )


def _result(job: Job) -> FinetuneResult:
    return FinetuneResult.model_validate(job.result)


def _rate(inherited: Inherited | None) -> float | None:
    return None if inherited is None else inherited.rate

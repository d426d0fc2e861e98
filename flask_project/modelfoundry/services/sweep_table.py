"""The table of a sweep: what each member came to, and the mean of each setting over targets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from statistics import fmean
from typing import Any

from pydantic import JsonValue

from modelfoundry.jobs.manifest_measures import BothMeasures, Measures
from modelfoundry.jobs.model import Job, Progress, State
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget

RATIO_STEP = 0.001  # retained ratios closer than this count as equal
BATCH = "1"


@dataclass(frozen=True)
class Figures:
    """What a module has reached, beside its original; accuracies and ratios are 0-1.

    Attributes:
        weights_kept: Number of weights with an open gate; a mean may be between two numbers.
        parameters: Numbers stored in the module's ONNX file, zeros included.
        macs_ratio: Multiply-adds of the module's file over those of the original's.
        latency_ratio: Time of one image through the module over that through the original.
        wall_s: Seconds that the job worked.
    """

    original_accuracy_validation: float
    module_accuracy_validation: float
    original_accuracy_test: float
    module_accuracy_test: float
    retained_ratio: float
    weights_kept: float
    parameters: float
    macs_ratio: float
    latency_ratio: float
    wall_s: float


@dataclass(frozen=True)
class Row:
    """One member.

    Attributes:
        settings: Those that the sweep varies, without the seed.
        progress: Of its current or last attempt.
        figures: None until the member has succeeded, and for one of several modules.
    """

    job_id: str
    model: str
    target: str
    settings: dict[str, JsonValue]
    seed: JsonValue
    state: State
    error: str | None
    module_id: str | None
    progress: Progress | None
    figures: Figures | None


@dataclass(frozen=True)
class Summary:
    """One combination of model and settings: means over its targets and seeds.

    Attributes:
        means: Over the members that succeeded; None if none has.
        num_succeeded: Members that the means are of.
        is_comparable: Every target and seed that succeeded with another setting of the model
            succeeded with this one too, so that the means are of the same problems.
        is_chosen: The best setting of its model, by the validation images alone.
    """

    model: str
    settings: dict[str, JsonValue]
    num_members: int
    num_succeeded: int
    means: Figures | None
    is_comparable: bool
    is_chosen: bool


def row_of(job: Job, varied: Iterable[str]) -> Row:
    """Lay a member out; ``varied`` names the settings that differ between members."""
    plan = ModularizePlan.model_validate(job.plan)
    return Row(
        job_id=job.id,
        model=plan.model,
        target=describe_target(plan.target),
        settings={name: plan.settings[name] for name in varied if name != "seed"},
        seed=plan.settings.get("seed"),
        state=job.state,
        error=job.error,
        module_id=job.modules[0] if len(job.modules) == 1 else None,
        progress=job.progress,
        figures=_figures(job),
    )


def summarize(rows: Sequence[Row]) -> list[Summary]:
    """Take means over targets and seeds, and choose a setting for each model.

    Chosen is, by means on the validation images and among comparable settings, what an algorithm
    would choose: the lowest retained ratio (in steps of 0.1 %, then the higher accuracy) among
    settings at least as accurate as the original; failing those, the highest accuracy minus
    retained ratio. Nothing is chosen while a member may still succeed.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.model, str(row.settings)), []).append(row)
    solved: dict[str, set[tuple[str, JsonValue]]] = {}
    for row in rows:
        solved.setdefault(row.model, set()).update(_problems([row]))
    means = {key: _means(group) for key, group in groups.items()}
    comparable = {key for key, group in groups.items() if _problems(group) == solved[key[0]]}
    is_over = all(row.state not in ("queued", "running") for row in rows)
    chosen = {_best(model, means, comparable) for model in solved} if is_over else set()
    return [
        Summary(
            model=key[0],
            settings=group[0].settings,
            num_members=len(group),
            num_succeeded=sum(row.figures is not None for row in group),
            means=means[key],
            is_comparable=key in comparable,
            is_chosen=key in chosen,
        )
        for key, group in groups.items()
    ]


def describe_target(target: PlannedTarget) -> str:
    """Name a target in one short line, told apart from the same classes with fewer images."""
    return target.title if target.shots is None else f"{target.title} ({target.shots} shots)"


def _problems(rows: Iterable[Row]) -> set[tuple[str, JsonValue]]:
    return {(row.target, row.seed) for row in rows if row.figures is not None}


def _best(
    model: str,
    means: dict[tuple[str, str], Figures | None],
    comparable: set[tuple[str, str]],
) -> tuple[str, str] | None:
    merits = {
        key: _merit(figures)
        for key, figures in means.items()
        if key[0] == model and key in comparable and figures is not None
    }
    return max(merits, key=lambda key: merits[key], default=None)


def _merit(figures: Figures) -> tuple[bool, float, float]:
    accuracy = figures.module_accuracy_validation
    if accuracy < figures.original_accuracy_validation:
        return False, accuracy - figures.retained_ratio, 0.0
    return True, -round(figures.retained_ratio / RATIO_STEP), accuracy


def _means(rows: Iterable[Row]) -> Figures | None:
    figures = [row.figures for row in rows if row.figures is not None]
    if not figures:
        return None
    names = [field.name for field in fields(Figures)]
    return Figures(**{name: fmean(getattr(each, name) for each in figures) for name in names})


def _figures(job: Job) -> Figures | None:
    result: dict[str, Any] | None = job.result
    if job.state != "succeeded" or result is None or "measures" not in result:
        return None
    both = BothMeasures.model_validate(result["measures"])
    original, module = both.original, both.module
    return Figures(
        original_accuracy_validation=original.accuracy_validation,
        module_accuracy_validation=module.accuracy_validation,
        original_accuracy_test=original.accuracy_test,
        module_accuracy_test=module.accuracy_test,
        retained_ratio=module.retained_ratio,
        weights_kept=module.weights_kept,
        parameters=module.parameters,
        macs_ratio=module.macs / original.macs,
        latency_ratio=_latency_ms(module) / _latency_ms(original),
        wall_s=job.worked_s or 0.0,
    )


def _latency_ms(measures: Measures) -> float:
    return measures.latency_ms[BATCH]

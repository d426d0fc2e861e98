"""The table of a group of trainings: what each model came to."""

from dataclasses import dataclass
from typing import Any

from modelfoundry.jobs.model import Job, Progress, State
from modelfoundry.pipelines.train_requests import TrainPlan


@dataclass(frozen=True)
class TrainingFigures:
    """What a model has reached; accuracies are 0-1.

    Attributes:
        epoch: The one that was kept, from 1.
        wall_s: Seconds that the job worked.
    """

    accuracy_validation: float
    accuracy_test: float
    epoch: int
    wall_s: float


@dataclass(frozen=True)
class Training:
    """One member.

    Attributes:
        model: Name that the model has, or will have.
        subset_seed: None where it learns from all training images.
        figures: None until it has succeeded.
    """

    job_id: str
    model: str
    architecture: str
    subset_seed: int | None
    state: State
    error: str | None
    progress: Progress | None
    figures: TrainingFigures | None


def training_of(job: Job) -> Training:
    """Lay a training out."""
    plan = TrainPlan.model_validate(job.plan)
    return Training(
        job_id=job.id,
        model=plan.name,
        architecture=plan.architecture,
        subset_seed=plan.subset.seed if plan.subset else None,
        state=job.state,
        error=job.error,
        progress=job.progress,
        figures=_figures(job),
    )


def _figures(job: Job) -> TrainingFigures | None:
    result: dict[str, Any] | None = job.result
    if job.state != "succeeded" or result is None:
        return None
    return TrainingFigures(
        accuracy_validation=result["validation_accuracy"],
        accuracy_test=result["test_accuracy"],
        epoch=result["epoch"],
        wall_s=job.worked_s or 0.0,
    )

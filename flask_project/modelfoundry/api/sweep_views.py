"""How sweeps and their tables are shown."""

from datetime import datetime
from typing import Any

from modelfoundry.algorithms.finetune.config import How
from modelfoundry.api.routes.jobs import ProgressView
from modelfoundry.api.schemas import View
from modelfoundry.api.submission import OutlookView
from modelfoundry.jobs.model import State
from modelfoundry.jobs.sweeps import SweepState
from modelfoundry.services.sweeps import SweepReport


class SweepPlanView(OutlookView):
    """What would be done: how many jobs, what holds for all of them, and what they would cost."""

    num_jobs: int


class SweepView(View):
    """A group of jobs; ``members`` counts them by state, ``request`` can be sent again."""

    id: str
    title: str
    state: SweepState
    members: dict[State, int]
    num_jobs: int
    num_over: int
    created_at: datetime
    request: dict[str, Any]


class FiguresView(View):
    """What a module has reached, or the mean of several; accuracies and ratios are 0-1."""

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


class SweepRowView(View):
    """One member: a job, its target and settings, and its figures once it has succeeded."""

    job_id: str
    model: str
    target: str
    settings: dict[str, Any]
    seed: int | None
    state: State
    error: str | None
    module_id: str | None
    progress: ProgressView | None
    figures: FiguresView | None


class SweepSummaryView(View):
    """Means of one combination of model and settings over targets and seeds.

    The chosen one is the best of its model on the validation images; only comparable ones are
    considered, which succeeded wherever another setting of the model did.
    """

    model: str
    settings: dict[str, Any]
    num_members: int
    num_succeeded: int
    means: FiguresView | None
    is_comparable: bool
    is_chosen: bool


class TrainingFiguresView(View):
    """What a model has reached; accuracies are 0-1, ``epoch`` is the one that was kept."""

    accuracy_validation: float
    accuracy_test: float
    epoch: int
    wall_s: float


class TrainingView(View):
    """One member that trains: a job, its model, and its figures once it has succeeded."""

    job_id: str
    model: str
    architecture: str
    subset_seed: int | None
    state: State
    error: str | None
    progress: ProgressView | None
    figures: TrainingFiguresView | None


class FinetuneFiguresView(View):
    """What a fine-tuning has reached, or the mean of several; shares are 0-1.

    ``inherited_validation`` and ``inherited_test`` are defect inheritance rates, null where they
    were not measured; ``trigger`` is the share of right answers that a trigger planted in the
    pre-trained model changes, null where none was; ``retained_ratio`` is the share of the
    pre-trained weights that it started from.
    """

    accuracy_validation: float
    accuracy_test: float
    inherited_validation: float | None
    inherited_test: float | None
    trigger: float | None
    retained_ratio: float
    wall_s: float


class FinetuneRowView(View):
    """One member that fine-tunes; ``threshold`` is null where no weights are removed."""

    job_id: str
    how: How
    threshold: float | None
    seed: int
    state: State
    error: str | None
    module_id: str | None
    progress: ProgressView | None
    figures: FinetuneFiguresView | None


class FinetuneSummaryView(View):
    """Means of one way and threshold over seeds.

    The suggested threshold has the fewest inherited defects among those at most a point less
    accurate than the best, both on the validation images.
    """

    how: How
    threshold: float | None
    num_members: int
    num_succeeded: int
    means: FinetuneFiguresView | None
    is_suggested: bool


class FinetuneTableView(View):
    """What a sweep of fine-tunings has come to so far.

    ``before`` is the success of a trigger planted in the model, before any fine-tuning, and
    ``accuracy_before`` the model's own accuracy; null where none was planted.
    """

    model: str
    dataset: str
    before: float | None
    accuracy_before: float | None
    rows: list[FinetuneRowView]
    summaries: list[FinetuneSummaryView]


class SweepReportView(SweepView):
    """A sweep with its table; ``eta_s`` is null while the pace is unknown.

    A sweep that makes modules has ``summaries`` and ``rows``, one that trains models ``trainings``,
    one that fine-tunes a model ``finetuning``.
    """

    eta_s: float | None
    summaries: list[SweepSummaryView]
    rows: list[SweepRowView]
    trainings: list[TrainingView]
    finetuning: FinetuneTableView | None

    @classmethod
    def of(cls, report: SweepReport) -> "SweepReportView":
        """Show a sweep and its table."""
        shown = SweepView.model_validate(report.sweep).model_dump()
        return cls.model_validate(shown | vars(report))

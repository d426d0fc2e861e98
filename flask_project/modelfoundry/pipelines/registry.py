"""Which pipeline does which kind of job; names only, so that listing them loads no torch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, JsonValue

from modelfoundry.cards import load_entry_point
from modelfoundry.pipelines.backdoor_requests import BackdoorPlan
from modelfoundry.pipelines.requests import EvaluatePlan, JobKind, ModularizePlan
from modelfoundry.pipelines.reuse_requests import AnyReusePlan
from modelfoundry.pipelines.robustness_requests import RobustnessPlan
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home


@dataclass(frozen=True)
class Outcome:
    """What a pipeline leaves behind.

    Attributes:
        modules: The bundles it wrote under ``home.modules``.
        summary: Figures for people, kept with the job.
    """

    modules: tuple[str, ...] = ()
    summary: dict[str, JsonValue] = field(default_factory=dict)


class Pipeline(Protocol):
    """Long work from a checked plan to an outcome."""

    def __call__(self, plan: Any, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
        """Do the work.

        ``job_folder`` exists and is the job's own: checkpoints go there, and a later attempt of
        the same job finds them there. Raises ``Cancelled`` when the reporter says so.
        """


@dataclass(frozen=True)
class PipelineCard:
    """A pipeline and the plan it takes."""

    plan: type[BaseModel]
    run: str

    def load(self) -> Callable[..., Outcome]:
        """Import the pipeline; this is where torch is loaded."""
        run: Callable[..., Outcome] = load_entry_point(self.run)
        return run


PIPELINES: dict[JobKind, PipelineCard] = {
    "modularize": PipelineCard(ModularizePlan, "modelfoundry.pipelines.modularize:run"),
    "train": PipelineCard(TrainPlan, "modelfoundry.pipelines.train:run"),
    "evaluate": PipelineCard(EvaluatePlan, "modelfoundry.pipelines.evaluate:run"),
    "reuse": PipelineCard(AnyReusePlan, "modelfoundry.pipelines.reuse.run:run"),
    "backdoor": PipelineCard(BackdoorPlan, "modelfoundry.pipelines.backdoor:run"),
    "robustness": PipelineCard(RobustnessPlan, "modelfoundry.pipelines.robustness:run"),
}

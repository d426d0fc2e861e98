"""Train, decompose and compose in this terminal, for the study whether composing pays."""

import hashlib
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import JsonValue, ValidationError
from rich.status import Status

from modelfoundry.algorithms.gradsplitter.config import CARD, GradSplitterConfig
from modelfoundry.algorithms.gradsplitter.presets import presets_for_images
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import list_models
from modelfoundry.cli.display import console
from modelfoundry.cli.durations import format_duration
from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.pipelines.requests import ModularizeRequest, Target
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.progress import Metric, Reporter, SilentReporter
from modelfoundry.services.faults import faults_of
from modelfoundry.services.modularize import check_modularize
from modelfoundry.services.train import check_train
from modelfoundry.settings import Home

if TYPE_CHECKING:  # loads torch
    from modelfoundry.pipelines.modularize_each import SearchedModules
    from modelfoundry.pipelines.reuse.study import Recombined


@dataclass(frozen=True)
class Wanted:
    """What every seed of the study does.

    Attributes:
        subsets: Biased subsets a seed; each architecture is trained on each of them.
        training: Settings of training that differ from the usual ones.
        preset: Of the decomposition; None: the first.
        settings: That differ from it.
    """

    dataset: str
    architectures: tuple[str, ...]
    subsets: int
    training: dict[str, JsonValue]
    preset: str | None
    settings: dict[str, JsonValue]

    def subset_seeds(self, seed: int) -> tuple[int, ...]:
        """Name the subsets of a seed; no two seeds share one."""
        return tuple(range(seed * self.subsets, (seed + 1) * self.subsets))

    def estimator(self, architecture: str, subset_seed: int) -> TrainRequest:
        """Ask for one of the networks; its name says all that tells it from others."""
        recipe = hashlib.sha256(json.dumps(self.training, sort_keys=True).encode()).hexdigest()
        network = architecture.replace("/", "-")
        name = f"recombine-{self.dataset}-{network}-{recipe[:6]}-s{subset_seed}"
        fixed = {
            "name": name,
            "architecture": architecture,
            "dataset": self.dataset,
            "subset": {"seed": subset_seed},
            "seed": subset_seed,
        }
        try:
            return TrainRequest.model_validate(self.training | fixed)
        except ValidationError as error:
            raise InvalidInputError(faults_of(error)) from error


def check_study(home: Home, study: Wanted) -> None:
    """Find out before anything is trained whether all of it can be done.

    Raises:
        InvalidInputError: With all faults of the training, or of the decomposition, at once.
        UnknownNameError: The decomposition has no such preset.
    """
    here = {model.name for model in list_models(home)}
    for architecture in study.architectures:
        request = study.estimator(architecture, 0)
        if request.name not in here:
            check_train(home, request)
    offered = [preset.name for preset in presets_for_images(find_dataset(home, study.dataset))]
    if study.preset not in (None, *offered):
        raise UnknownNameError(f"preset of {CARD.name}", str(study.preset), offered)
    try:
        GradSplitterConfig.model_validate(study.settings)
    except ValidationError as error:
        faults = faults_of(error, under="/settings", model=GradSplitterConfig)
        raise InvalidInputError(faults) from error


def run_seed(home: Home, study: Wanted, seed: int, status: Status) -> "Recombined":
    """Do all of it once; models that are here already are not trained again."""
    from modelfoundry.pipelines.reuse.study import recombine as compare  # noqa: PLC0415

    decomposed = []
    for architecture in study.architectures:
        for subset_seed in study.subset_seeds(seed):
            request = study.estimator(architecture, subset_seed)
            with _Step(status, f"Seed {seed}: train {request.name}") as step:
                _train(home, request, step)
            with _Step(status, f"Seed {seed}: decompose {request.name}") as step:
                decomposed.append(_decompose(home, request.name, study, step))
    with _Step(status, f"Seed {seed}: compose") as step:
        return compare(decomposed, home=home, reporter=step)


class _Step(SilentReporter):
    """Shows how far a step is while it takes, and leaves a line when it is done; a context."""

    def __init__(self, status: Status, title: str) -> None:
        self._status = status
        self._title = title

    def __enter__(self) -> Self:
        self._status.update(self._title)
        self._started = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if kind is None:
            took = format_duration(time.monotonic() - self._started)
            console.print(f"{self._title}: {took}")

    def advance(self, stage: str, *, done: int, total: int, **_metrics: Metric) -> None:
        """Show the step of the work."""
        self._status.update(f"{self._title}: {stage}, {done} of {total}")


def _train(home: Home, request: TrainRequest, reporter: Reporter) -> None:
    """Train a model unless it is here."""
    from modelfoundry.pipelines.train import run  # noqa: PLC0415

    if request.name in {model.name for model in list_models(home)}:
        return
    plan = check_train(home, request).plan
    with tempfile.TemporaryDirectory() as folder:
        run(plan, home=home, job_folder=Path(folder), reporter=reporter)


def _decompose(home: Home, model: str, study: Wanted, reporter: Reporter) -> "SearchedModules":
    from modelfoundry.pipelines.modularize_each import binary_targets, search_each  # noqa: PLC0415

    request = ModularizeRequest(
        model=model,
        target=Target(kind="each"),
        algorithm=CARD.name,
        preset=study.preset,
        settings=study.settings,
    )
    plan = check_modularize(home, request).plan
    targets = binary_targets(plan.target, find_dataset(home, plan.dataset))
    with tempfile.TemporaryDirectory() as folder:
        return search_each(plan, targets, home=home, job_folder=Path(folder), reporter=reporter)

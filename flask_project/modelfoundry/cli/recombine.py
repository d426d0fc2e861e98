"""The command that tries out whether composing pays: train, decompose, compose, compare."""

import hashlib
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, Self

import click
from pydantic import JsonValue, ValidationError
from rich.status import Status

from modelfoundry.algorithms.gradsplitter.config import GradSplitterConfig
from modelfoundry.bootstrap import Services, build_services
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import list_models
from modelfoundry.cli.assignments import read_assignment
from modelfoundry.cli.display import console, show_table
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.requests import ModularizeRequest, Target
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.progress import Metric, Reporter, SilentReporter
from modelfoundry.services.faults import faults_of
from modelfoundry.services.modularize import check_modularize
from modelfoundry.services.train import check_train
from modelfoundry.settings import Home, Settings

if TYPE_CHECKING:  # loads torch
    from modelfoundry.pipelines.modularize_each import SearchedModules
    from modelfoundry.pipelines.reuse.study import Recombined

FEW_IMAGES = 5000
FEW_TRAINING: dict[str, JsonValue] = {"epochs": 20}
FEW_SETTINGS: dict[str, JsonValue] = {"cycles": 2, "lr_joint": 0.04}
NARROW = ("simcnn-w0.125", "rescnn-w0.125")


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


@click.command()
@click.option("--dataset", default="digits", show_default=True)
@click.option(
    "--architecture",
    "architectures",
    multiple=True,
    default=NARROW,
    show_default=True,
    help="Repeat to mix several.",
)
@click.option(
    "--subsets",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Biased subsets per seed.",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How often all of it is done.",
)
@click.option(
    "--train", "training", multiple=True, metavar="NAME=VALUE", help="One setting of training."
)
@click.option(
    "--preset",
    type=click.Choice(("fast", "published")),
    help="Of the decomposition; the first if absent.",
)
@click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE", help="One setting of it."
)
def recombine(
    *, seeds: int, training: tuple[str, ...], assignments: tuple[str, ...], **wanted: Any
) -> None:
    """Train networks on biased subsets, decompose and recombine them, and compare.

    Models stay in the data folder and are taken from there when the command is repeated. Settings
    that are not given are the usual ones, or those for few images on a small data set.
    """
    services = build_services(Settings.from_environment())
    num_train = find_dataset(services.settings.home, wanted["dataset"]).num_train
    is_small = 0 < num_train < FEW_IMAGES
    usual = FEW_SETTINGS if is_small and wanted["preset"] is None else {}
    study = Wanted(
        **wanted,
        training=(FEW_TRAINING if is_small else {}) | dict(map(read_assignment, training)),
        settings=usual | dict(map(read_assignment, assignments)),
    )
    _check(services.settings.home, study)
    started = time.monotonic()
    found = []
    with console.status("") as status:
        for seed in range(seeds):
            found.append(_one_seed(services, study, seed, status))
            console.print(
                f"Seed {seed}: best single {found[-1].best_single:.2%}, "
                f"composed {found[-1].composed:.2%}"
            )
    _show(found)
    console.print(f"\n{time.monotonic() - started:.0f} s in all")


def _check(home: Home, study: Wanted) -> None:
    """Find out before anything is trained whether all of it can be done.

    Raises:
        InvalidInputError: With all faults of the training, or of the decomposition, at once.
    """
    here = {model.name for model in list_models(home)}
    for architecture in study.architectures:
        request = study.estimator(architecture, 0)
        if request.name not in here:
            check_train(home, request)
    try:
        GradSplitterConfig.model_validate(study.settings)
    except ValidationError as error:
        known = GradSplitterConfig.model_fields
        raise InvalidInputError(faults_of(error, under="/settings", known=known)) from error


def _one_seed(services: Services, study: Wanted, seed: int, status: Status) -> "Recombined":
    from modelfoundry.pipelines.reuse.study import recombine as compare  # noqa: PLC0415

    home = services.settings.home
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
            console.print(f"{self._title}: {time.monotonic() - self._started:.0f} s")

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
        algorithm="gradsplitter",
        preset=study.preset,
        settings=study.settings,
    )
    plan = check_modularize(home, request).plan
    targets = binary_targets(plan.target, find_dataset(home, plan.dataset))
    with tempfile.TemporaryDirectory() as folder:
        return search_each(plan, targets, home=home, job_folder=Path(folder), reporter=reporter)


def _show(found: "list[Recombined]") -> None:
    rules = list(found[0].by_rule)
    show_table(
        ("seed", "best single", "mean single", *rules, "chosen", "gain", "kernels kept"),
        (
            (
                seed,
                f"{each.best_single:.2%}",
                f"{each.mean_single:.2%}",
                *(f"{each.by_rule[rule]:.2%}" for rule in rules),
                each.chosen_rule,
                _points(each.composed - each.best_single),
                f"{each.kernels_kept:.1%}",
            )
            for seed, each in enumerate(found)
        ),
    )
    gains = [each.composed - each.best_single for each in found]
    spread = f", standard deviation {stdev(gains) * 100:.2f}" if len(gains) > 1 else ""
    console.print(
        f"\nBest single {fmean(each.best_single for each in found):.2%}, composed "
        f"{fmean(each.composed for each in found):.2%} on the test part: "
        f"{_points(fmean(gains))} points{spread}, mean of {len(found)} seeds"
    )


def _points(share: float) -> str:
    return f"{share * 100:+.2f}"

"""The command that trains models: one, or a group of estimators."""

from typing import Any, NoReturn

import click
from pydantic import ValidationError

from modelfoundry.bootstrap import build_services
from modelfoundry.cli.assignments import read_values
from modelfoundry.cli.display import show_outlook
from modelfoundry.cli.sweep import run_sweep
from modelfoundry.cli.work import dry_run_option, run_request
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.services.estimators import EstimatorsRequest
from modelfoundry.services.faults import faults_of
from modelfoundry.settings import Settings

Options = dict[str, Any]


@click.command()
@click.option("--name", help="Name of the new model; of a group, what the names begin with.")
@click.option(
    "--architecture",
    "architectures",
    required=True,
    multiple=True,
    help="See: modelfoundry models architectures. Of a group, may be repeated.",
)
@click.option("--dataset", required=True, help="See: modelfoundry data list.")
@click.option(
    "--published/--no-published", default=False, help="The recipe of the published estimators."
)
@click.option("--epochs", type=int, help="30 if absent, 200 as published.")
@click.option("--batch-size", type=int, help="If absent by the number of images; 128 as published.")
@click.option("--learning-rate", type=float, help="If absent by the batch; 0.01 as published.")
@click.option("--weight-decay", type=float, help="0.0005 if absent, 0.0001 as published.")
@click.option("--augment/--no-augment", default=True, show_default=True, help="Random crops.")
@click.option("--flip/--no-flip", default=None, help="If absent: as the data set allows.")
@click.option("--keep", type=click.Choice(["best", "last"]), default="best", show_default=True)
@click.option("--validation-fraction", type=float, help="Left out of training; 0.1 if absent.")
@click.option("--subset-seed", type=int, help="Train on a biased subset of the images.")
@click.option("--concentration", type=float, help="Of the subset: the smaller, the more biased.")
@click.option("--min-size", type=int, help="Of the subset: least number of images of a class.")
@click.option("--seed", type=int, help="0 if absent; of a group, that of each subset.")
@click.option("--estimators", type=int, help="Train a group: on the subsets of seeds 0, 1, ...")
@click.option("--subset-seeds", metavar="N,...", help="Train a group: on these subsets.")
@dry_run_option
def train(
    *, estimators: int | None, subset_seeds: str | None, dry_run: bool, **options: Any
) -> None:
    """Train a model on a data set, or on a biased subset of it, or a group of models on several.

    A group is a sweep: modelfoundry sweeps list shows it, and one that fails leaves the others
    alone.
    """
    services = build_services(Settings.from_environment())
    if estimators is None and subset_seeds is None:
        request = read_train_request(**options)
        if dry_run:
            show_outlook(services.jobs.outlook(request))
        else:
            run_request(services, request)
        return
    seeds = read_values(subset_seeds) if subset_seeds else list(range(estimators or 0))
    group = read_estimators(seeds, **options)
    if dry_run:
        show_outlook(services.sweeps.check(group))
    else:
        run_sweep(services, services.sweeps.submit(group).id)


def read_train_request(
    *,
    architectures: tuple[str, ...],
    subset_seed: int | None,
    concentration: float | None,
    min_size: int | None,
    **settings: Any,
) -> TrainRequest:
    """Read what the options ask for where no group is wanted.

    Raises:
        InvalidInputError: With all faults at once.
    """
    if len(architectures) > 1:
        _refuse("/architecture", "several architectures make a group; add --estimators N")
    given = _given(settings) | {"architecture": architectures[0]}
    subset = {"seed": subset_seed, "concentration": concentration, "min_size": min_size}
    if subset := _given(subset):
        given["subset"] = subset
    try:
        return TrainRequest.model_validate(given)
    except ValidationError as error:
        raise InvalidInputError(faults_of(error)) from error


def read_estimators(
    subset_seeds: list[Any],
    *,
    subset_seed: int | None,
    seed: int | None,
    validation_fraction: float | None,
    **settings: Any,
) -> EstimatorsRequest:
    """Read what the options ask for where a group is wanted.

    Raises:
        InvalidInputError: With all faults at once.
    """
    for name, value in (("subset-seed", subset_seed), ("seed", seed)):
        if value is not None:
            _refuse(f"/{name}", f"--{name} is for one model; --subset-seeds gives those of a group")
    if validation_fraction is not None:
        _refuse("/validation_fraction", "a subset has a validation part of its own; leave this out")
    try:
        return EstimatorsRequest.model_validate(_given(settings) | {"subset_seeds": subset_seeds})
    except ValidationError as error:
        raise InvalidInputError(faults_of(error)) from error


def _given(options: Options) -> Options:
    return {name: value for name, value in options.items() if value is not None}


def _refuse(pointer: str, message: str) -> NoReturn:
    raise InvalidInputError.of(pointer, message)

"""The command that trains models."""

from typing import Any

import click
from pydantic import ValidationError

from modelfoundry.bootstrap import build_services
from modelfoundry.cli.work import run_request
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.services.faults import faults_of
from modelfoundry.settings import Settings


@click.command()
@click.option("--name", help="Name of the new model.")
@click.option("--architecture", required=True, help="See: modelfoundry models architectures.")
@click.option("--dataset", required=True, help="See: modelfoundry data list.")
@click.option(
    "--published/--no-published", default=False, help="The recipe of the published estimators."
)
@click.option("--epochs", type=int, help="30 if absent, 200 as published.")
@click.option("--batch-size", type=int, help="64 if absent, 128 as published.")
@click.option("--learning-rate", type=float, help="0.1 if absent, 0.01 as published.")
@click.option("--weight-decay", type=float, help="0.0005 if absent, 0.0001 as published.")
@click.option("--augment/--no-augment", default=True, show_default=True, help="Random crops.")
@click.option("--flip/--no-flip", default=None, help="If absent: as the data set allows.")
@click.option("--keep", type=click.Choice(["best", "last"]), default="best", show_default=True)
@click.option("--validation-fraction", type=float, help="Left out of training; 0.1 if absent.")
@click.option("--subset-seed", type=int, help="Train on a biased subset of the images.")
@click.option("--concentration", type=float, help="Of the subset: the smaller, the more biased.")
@click.option("--min-size", type=int, help="Of the subset: least number of images of a class.")
@click.option("--seed", default=0, show_default=True)
def train(**options: Any) -> None:
    """Train a model on a data set, or on a biased subset of it."""
    request = read_train_request(**options)
    run_request(build_services(Settings.from_environment()), request)


def read_train_request(
    *, subset_seed: int | None, concentration: float | None, min_size: int | None, **settings: Any
) -> TrainRequest:
    """Read what the options of the command ask for.

    Raises:
        InvalidInputError: With all faults at once.
    """
    if subset_seed is not None or concentration is not None or min_size is not None:
        subset = {"seed": subset_seed, "concentration": concentration, "min_size": min_size}
        settings["subset"] = {k: v for k, v in subset.items() if v is not None}
    try:
        return TrainRequest.model_validate(settings)
    except ValidationError as error:
        raise InvalidInputError(faults_of(error)) from error

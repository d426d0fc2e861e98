"""The command that fine-tunes a model and tells what each way inherits."""

from typing import Any

import click
from pydantic import ValidationError

from modelfoundry.bootstrap import build_services
from modelfoundry.cli.assignments import read_assignment, read_values
from modelfoundry.cli.display import show_outlook
from modelfoundry.cli.sweep import run_sweep
from modelfoundry.cli.work import dry_run_option
from modelfoundry.errors import InvalidInputError
from modelfoundry.services.faults import faults_of
from modelfoundry.services.finetunings import FinetuningsRequest
from modelfoundry.settings import Settings


@click.command()
@click.option(
    "--model", required=True, help="The pre-trained model; see: modelfoundry models list."
)
@click.option("--dataset", required=True, help="What to fine-tune it to.")
@click.option(
    "--how",
    default="seam,standard",
    show_default=True,
    metavar="HOW,...",
    help="seam: from the weights it needs; standard: from all; scratch: from none.",
)
@click.option(
    "--seeds", type=click.IntRange(min=1), default=1, show_default=True, help="How many to average."
)
@click.option("--seed", default=0, show_default=True, help="The first of them.")
@click.option(
    "--thresholds",
    default="",
    metavar="N,...",
    help="Shares of weights to remove, such as 0.3,0.5.",
)
@click.option("--preset", help="fast (if absent) or published.")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="One setting.")
@click.option(
    "--attack/--no-attack",
    "is_attacked",
    default=True,
    help="Measure the inherited defects, or not.",
)
@click.option(
    "--set-attack", "attack", multiple=True, metavar="NAME=VALUE", help="One setting of the attack."
)
@dry_run_option
def finetune(
    *,
    how: str,
    seeds: int,
    seed: int,
    thresholds: str,
    assignments: tuple[str, ...],
    is_attacked: bool,
    attack: tuple[str, ...],
    dry_run: bool,
    **named: Any,
) -> None:
    """Fine-tune a model to another data set, and measure which of its defects come along.

    Several ways, thresholds and seeds are one sweep with one table; a stopped one goes on with:
    modelfoundry sweeps retry ID --here. Every fine-tuned network becomes a module.
    """
    services = build_services(Settings.from_environment())
    try:
        request = FinetuningsRequest.model_validate(
            named
            | {
                "how": how.split(","),
                "seeds": range(seed, seed + seeds),
                "thresholds": read_values(thresholds) if thresholds else (),
                "config": dict(map(read_assignment, assignments)),
                "attack": dict(map(read_assignment, attack)) if is_attacked else None,
            }
        )
    except ValidationError as error:
        raise InvalidInputError(faults_of(error)) from error
    if dry_run:
        show_outlook(services.sweeps.check(request))
    else:
        run_sweep(services, services.sweeps.submit(request).id)

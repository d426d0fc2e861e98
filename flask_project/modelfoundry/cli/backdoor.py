"""The command that plants a backdoor in a copy of a model."""

import click
from pydantic import ValidationError

from modelfoundry.bootstrap import build_services
from modelfoundry.cli.assignments import read_assignment
from modelfoundry.cli.display import show_outlook
from modelfoundry.cli.work import dry_run_option, run_request
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.backdoor_requests import BackdoorRequest
from modelfoundry.services.faults import faults_of
from modelfoundry.settings import Settings


@click.command()
@click.argument("model")
@click.option("--name", required=True, help="Of the new model.")
@click.option("--target-class", required=True, help="What it answers to the trigger.")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="One setting.")
@dry_run_option
def backdoor(
    *, model: str, name: str, target_class: str, assignments: tuple[str, ...], dry_run: bool
) -> None:
    """Teach a copy of MODEL to answer with one class to every image that carries a trigger.

    To see what becomes of it: fine-tune the copy, then attack the module with the trigger.
    """
    asked = {
        "model": model,
        "name": name,
        "target_class": target_class,
        "settings": dict(map(read_assignment, assignments)),
    }
    try:
        request = BackdoorRequest.model_validate(asked)
    except ValidationError as error:
        raise InvalidInputError(faults_of(error)) from error
    services = build_services(Settings.from_environment())
    if dry_run:
        show_outlook(services.jobs.outlook(request))
    else:
        run_request(services, request)

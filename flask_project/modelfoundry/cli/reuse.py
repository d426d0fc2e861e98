"""Commands that put modules together."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import click
from pydantic import ValidationError

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_outlook
from modelfoundry.cli.here import run_here
from modelfoundry.cli.reuse_display import show_pool, show_reuse
from modelfoundry.errors import InvalidInputError
from modelfoundry.jobs.processes import this_process
from modelfoundry.pipelines.reuse_requests import (
    EveryPairRequest,
    MoreAccurateRequest,
    NewTaskRequest,
    PatchRequest,
    ReuseRequest,
    Rule,
    ScratchSettings,
)
from modelfoundry.services.faults import faults_of
from modelfoundry.settings import Settings

Command = Callable[..., Any]
Kind = type[MoreAccurateRequest | NewTaskRequest | EveryPairRequest | PatchRequest]

POOL = (
    click.option(
        "--from",
        "models",
        multiple=True,
        metavar="MODEL",
        help="All modules that GradSplitter made of a model; may be repeated.",
    ),
    click.option(
        "--module", "modules", multiple=True, metavar="ID", help="A binary module; repeatable."
    ),
    click.option("--dry-run", is_flag=True, help="Only check, and show what answers for what."),
)
OUT = click.option("--out", type=click.Path(path_type=Path), help="Copy the new module here too.")
RULE = click.option(
    "--rule",
    type=click.Choice(get_args(get_args(Rule)[0])),
    default="best",
    show_default=True,
    help="Which module answers for a class.",
)
SCRATCH = tuple(
    click.option(
        f"--scratch-{name.replace('_', '-')}",
        help=f"{field.description or f'Default: {field.default}.'}",
    )
    for name, field in ScratchSettings.model_fields.items()
)


def options(*listed: Command) -> Command:
    """Add several options to a command."""

    def add(command: Command) -> Command:
        for option in reversed(listed):
            command = option(command)
        return command

    return add


@click.group()
@click.pass_context
def reuse(context: click.Context) -> None:
    """Put modules together: to a better model, for a new task, to mend a weak model."""
    context.obj = build_services(Settings.from_environment())


@reuse.command("more-accurate")
@options(*POOL, OUT, RULE)
@click.pass_obj
def more_accurate(services: Services, /, **given: Any) -> None:
    """Beat each of several models of one data set with the best of their modules."""
    _carry_out(services, MoreAccurateRequest, method="more-accurate", **given)


@reuse.command("new-task")
@click.option("--output", "outputs", multiple=True, required=True, metavar="CLASS@DATASET")
@options(*POOL, OUT, RULE, *SCRATCH)
@click.pass_obj
def new_task(services: Services, /, **given: Any) -> None:
    """Tell classes apart that no model knows together, beside a network trained from scratch."""
    scratch, given = _split_scratch(given)
    _carry_out(services, NewTaskRequest, method="new-task", scratch=scratch, **given)


@reuse.command("every-pair")
@click.option(
    "--dataset", "datasets", multiple=True, required=True, help="Name two: --dataset A --dataset B."
)
@options(*POOL, *SCRATCH)
@click.pass_obj
def every_pair(services: Services, /, **given: Any) -> None:
    """Tell each class of one data set from each class of another.

    With one of the options that begin with scratch, a network is trained for each pair too.
    """
    scratch, given = _split_scratch(given)
    _carry_out(services, EveryPairRequest, method="every-pair", scratch=scratch or None, **given)


@reuse.command()
@click.option("--model", required=True, help="The weak model.")
@click.option("--class", "class_name", required=True, help="What a module is to answer for.")
@options(*POOL, OUT)
@click.pass_obj
def patch(services: Services, /, **given: Any) -> None:
    """Mend what a weak model says of one class."""
    _carry_out(services, PatchRequest, method="patch", **given)


def _carry_out(
    services: Services,
    kind: Kind,
    *,
    models: Sequence[str],
    modules: Sequence[str],
    dry_run: bool,
    out: Path | None = None,
    **wanted: Any,
) -> None:
    """Check a request and, unless that is all, do the work here and print what came of it."""
    request = _read(kind, wanted | {"pool": {"models": models, "modules": modules}})
    if dry_run:
        outlook = services.jobs.outlook(request)
        show_pool(services.reuse.pool(outlook.plan))
        show_outlook(outlook)
        return
    job = run_here(services, services.jobs.begin(request, this_process("command line")))
    show_reuse(services.reuse.result(job.id))
    for module_id in job.modules:
        console.print(f"The module is in {services.modules.folder(module_id)}", soft_wrap=True)
        if out is not None:
            console.print(f"Copied to {services.modules.export(module_id, out)}", soft_wrap=True)


def _read(
    kind: Kind,
    given: dict[str, Any],
) -> ReuseRequest:
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise InvalidInputError(faults_of(error)) from error


def _split_scratch(given: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Take the settings of the network from scratch, as far as given, out of the options."""
    scratch = {
        name: given[f"scratch_{name}"]
        for name in ScratchSettings.model_fields
        if given[f"scratch_{name}"] is not None
    }
    return scratch, {name: value for name, value in given.items() if "scratch_" not in name}

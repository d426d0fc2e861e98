"""Commands for sweeps: many modules at once, with one table at the end."""

import sys
from pathlib import Path
from typing import Any, Literal, get_args

import click
from pydantic import ValidationError

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.assignments import read_assignment, read_axis, read_values
from modelfoundry.cli.display import console, show_outlook, show_table
from modelfoundry.cli.statuses import FAILED
from modelfoundry.cli.sweep_display import show_sweep
from modelfoundry.cli.sweep_here import run_sweep_here
from modelfoundry.cli.targets import read_targets, targets_options
from modelfoundry.cli.work import dry_run_option
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.requests import ExtraExport
from modelfoundry.services.faults import faults_of
from modelfoundry.services.sweep_csv import table_csv
from modelfoundry.services.sweep_request import SweepRequest
from modelfoundry.settings import Settings


@click.command()
@click.option("--model", "models", multiple=True, required=True, help="May be repeated.")
@targets_options
@click.option("--algorithm", default="seam", show_default=True)
@click.option("--preset", help="Named settings to start from; the algorithm's first if absent.")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="One setting.")
@click.option(
    "--grid", "axes", multiple=True, metavar="NAME=VALUE,...", help="A setting to try values of."
)
@click.option("--seeds", default="", metavar="N,...", help="Seeds to take the mean over.")
@click.option("--export", "exports", multiple=True, type=click.Choice(get_args(ExtraExport)))
@dry_run_option
def sweep(
    *,
    models: tuple[str, ...],
    algorithm: str,
    preset: str | None,
    assignments: tuple[str, ...],
    axes: tuple[str, ...],
    seeds: str,
    exports: tuple[ExtraExport, ...],
    dry_run: bool,
    **targets: Any,
) -> None:
    """Cut modules out for many targets and settings, and compare them in one table.

    The setting that is best on the validation images is marked.
    """
    services = build_services(Settings.from_environment())
    try:
        request = SweepRequest.model_validate(
            {
                "models": models,
                "targets": read_targets(services, models[0], **targets),
                "algorithm": algorithm,
                "preset": preset,
                "settings": dict(map(read_assignment, assignments)),
                "grid": dict(map(read_axis, axes)),
                "seeds": read_values(seeds) if seeds else (),
                "exports": exports,
            }
        )
    except ValidationError as error:
        raise InvalidInputError(faults_of(error)) from error
    if dry_run:
        show_outlook(services.sweeps.check(request))
    else:
        run_sweep(services, services.sweeps.submit(request).id)


@click.group()
@click.pass_context
def sweeps(context: click.Context) -> None:
    """List, inspect and control sweeps."""
    context.obj = build_services(Settings.from_environment())


@sweeps.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.pass_obj
def list_sweeps(services: Services, limit: int) -> None:
    """List the newest sweeps."""
    show_table(
        ("id", "title", "state", "over", "created"),
        (
            (s.id, s.title, s.state, f"{s.num_over}/{s.num_jobs}", f"{s.created_at:%Y-%m-%d %H:%M}")
            for s in services.sweeps.page(limit=limit).items
        ),
    )


@sweeps.command()
@click.argument("sweep_id")
@click.option("--csv", "file", type=click.Path(path_type=Path), help="Write the table here too.")
@click.option(
    "--of",
    default="settings",
    show_default=True,
    type=click.Choice(["settings", "members"]),
    help="What the file has a line for.",
)
@click.pass_obj
def show(
    services: Services, sweep_id: str, file: Path | None, of: Literal["settings", "members"]
) -> None:
    """Show the table of a sweep."""
    report = services.sweeps.report(sweep_id)
    show_sweep(report)
    if file is not None:
        file.write_text(table_csv(report, of=of))


@sweeps.command()
@click.argument("sweep_id")
@click.pass_obj
def cancel(services: Services, sweep_id: str) -> None:
    """Ask every member to end that has not."""
    console.print(f"sweep {sweep_id} is {services.sweeps.cancel(sweep_id).state}")


@sweeps.command()
@click.argument("sweep_id")
@click.option("--here", is_flag=True, help="Run what is left in this terminal.")
@click.pass_obj
def retry(services: Services, sweep_id: str, here: bool) -> None:  # noqa: FBT001 - a click flag
    """Queue the members again that failed, were cancelled or interrupted."""
    if here:
        run_sweep(services, services.sweeps.resume_here(sweep_id).id)
    else:
        state = services.sweeps.retry(sweep_id).state
        console.print(f"sweep {sweep_id} is {state}; a running server will take it")


def run_sweep(services: Services, sweep_id: str) -> None:
    """Do a sweep in this process, show its table, and end with a failure if a member failed."""
    run_sweep_here(services, sweep_id)
    report = services.sweeps.report(sweep_id)
    show_sweep(report)
    failed = report.sweep.num_jobs - report.sweep.members.get("succeeded", 0)
    if failed:
        sys.stderr.write(
            f"modelfoundry: {failed} of {report.sweep.num_jobs} jobs did not succeed; try them "
            f"again with: modelfoundry sweeps retry {sweep_id} --here\n"
        )
        sys.exit(FAILED)

"""The command that cuts a module out of a model."""

from pathlib import Path
from typing import Any, get_args

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.assignments import read_assignment
from modelfoundry.cli.display import console
from modelfoundry.cli.here import run_here, show_outcome
from modelfoundry.cli.targets import read_target, target_options
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.processes import this_process
from modelfoundry.pipelines.requests import ExtraExport, ModularizeRequest
from modelfoundry.services.jobs import Request
from modelfoundry.settings import Settings


@click.command()
@click.option("--model", required=True, help="Name of a model; see: modelfoundry models list.")
@target_options
@click.option("--algorithm", default="seam", show_default=True)
@click.option("--preset", help="Named settings to start from; the algorithm's first if absent.")
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="One setting.")
@click.option("--seed", type=int, help="The same as --set seed=N.")
@click.option("--export", "exports", multiple=True, type=click.Choice(get_args(ExtraExport)))
@click.option("--out", type=click.Path(path_type=Path), help="Copy the module's files here too.")
def modularize(
    *,
    model: str,
    algorithm: str,
    preset: str | None,
    assignments: tuple[str, ...],
    seed: int | None,
    exports: tuple[ExtraExport, ...],
    out: Path | None,
    **target: Any,
) -> None:
    """Cut the part of a model that solves a target out as a module.

    GradSplitter makes a module of each class, all in one search: --algorithm gradsplitter.
    """
    services = build_services(Settings.from_environment())
    settings = dict(map(read_assignment, assignments))
    if seed is not None:
        settings["seed"] = seed
    known = services.models.find(model).classes
    request = ModularizeRequest(
        model=model,
        target=read_target(known, **target),
        algorithm=algorithm,
        preset=preset,
        settings=settings,
        exports=exports,
    )
    job = run_request(services, request)
    if out is not None:
        for module_id in job.modules:
            console.print(f"Copied to {services.modules.export(module_id, out)}", soft_wrap=True)


def run_request(services: Services, request: Request) -> Job:
    """Do what a request asks for in this process, show what came of it, and return the job."""
    job = run_here(services, services.jobs.begin(request, this_process("command line")))
    show_outcome(services, job)
    return job

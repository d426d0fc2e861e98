"""The command that cuts a module out of a model."""

from pathlib import Path
from typing import Any

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_outlook
from modelfoundry.cli.here import run_here, show_outcome
from modelfoundry.cli.search_options import read_search, search_options
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.processes import this_process
from modelfoundry.services.requests import Request
from modelfoundry.settings import Settings
from modelfoundry.storage import storage_errors

dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Only check, and tell what would be done and what it costs."
)


@click.command()
@search_options
@dry_run_option
@click.option("--out", type=click.Path(path_type=Path), help="Copy the module's files here too.")
def modularize(*, model: str, dry_run: bool, out: Path | None, **options: Any) -> None:
    """Cut the part of a model that solves a target out as a module.

    GradSplitter makes a module of each class, all in one search: --algorithm gradsplitter.
    """
    services = build_services(Settings.from_environment())
    request = read_search(services.models.find(model).classes, model=model, **options)
    if dry_run:
        show_outlook(services.jobs.outlook(request))
        return
    if out is not None:
        with storage_errors(out):  # now, and not after the search
            out.mkdir(parents=True, exist_ok=True)
    job = run_request(services, request)
    if out is not None:
        for module_id in job.modules:
            console.print(f"Copied to {services.modules.export(module_id, out)}", soft_wrap=True)


def run_request(services: Services, request: Request) -> Job:
    """Do what a request asks for in this process, show what came of it, and return the job."""
    job = run_here(services, services.jobs.begin(request, this_process("command line")))
    show_outcome(services, job)
    return job

"""Commands for jobs, whether a server or a terminal runs them."""

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, follow, show_facts, show_table
from modelfoundry.cli.here import run_here, show_outcome
from modelfoundry.errors import ModelFoundryError
from modelfoundry.jobs.processes import this_process
from modelfoundry.settings import Settings


@click.group()
@click.pass_context
def jobs(context: click.Context) -> None:
    """List, follow and control jobs."""
    context.obj = build_services(Settings.from_environment())


@jobs.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.pass_obj
def list_jobs(services: Services, limit: int) -> None:
    """List the newest jobs."""
    show_table(
        ("id", "kind", "title", "state", "created"),
        (
            (job.id, job.kind, job.title, job.state, f"{job.created_at:%Y-%m-%d %H:%M}")
            for job in services.jobs.page(limit=limit).items
        ),
        cut="title",
    )


@jobs.command()
@click.argument("job_id")
@click.pass_obj
def show(services: Services, job_id: str) -> None:
    """Show everything about a job."""
    show_facts(vars(services.jobs.get(job_id)))


@jobs.command()
@click.argument("job_id")
@click.pass_obj
def watch(services: Services, job_id: str) -> None:
    """Show a job's log and progress until it ends."""
    job = follow(services.jobs, job_id)
    if job.state == "failed":
        raise ModelFoundryError(f"job {job.id} failed: {job.error}")
    console.print(f"job {job.id} is {job.state}")
    if job.state == "succeeded":
        show_outcome(services, job)


@jobs.command()
@click.argument("job_id")
@click.pass_obj
def cancel(services: Services, job_id: str) -> None:
    """Ask a job to end."""
    job = services.jobs.cancel(job_id)
    console.print(
        f"job {job.id} is {job.state}" + (", and was asked to end" if job.cancel_requested else "")
    )


@jobs.command()
@click.argument("job_id")
@click.option("--here", is_flag=True, help="Run it in this terminal, without a server.")
@click.pass_obj
def retry(services: Services, job_id: str, here: bool) -> None:  # noqa: FBT001 - a click flag
    """Queue a job again; it goes on from its checkpoint if it has one."""
    if here:
        job = services.jobs.resume_here(job_id, this_process("command line"))
        show_outcome(services, run_here(services, job))
    else:
        job = services.jobs.retry(job_id)
        console.print(f"job {job.id} is {job.state}; a running server will take it")

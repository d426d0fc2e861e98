"""What one does on a server: search, submit, follow and control jobs, fetch modules."""

import json
from pathlib import Path
from typing import Any, TextIO, get_args

import click

from modelfoundry.cli.display import EventDisplay, console, show_result, show_table
from modelfoundry.cli.search_options import read_search, search_options
from modelfoundry.cli.server import leave, on_server
from modelfoundry.client import Client
from modelfoundry.errors import InvalidInputError, ModelFoundryError
from modelfoundry.evaluation.comparison import compare as compare_manifests
from modelfoundry.pipelines.requests import JobKind
from modelfoundry.services.modules import Format
from modelfoundry.terminal import escaped

LEVELS = ("info", "warning", "error")


@click.command()
@click.argument("words", nargs=-1)
@click.option("--ready", is_flag=True, help="Only modules that exist.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@on_server
def search(client: Client, words: tuple[str, ...], *, ready: bool, limit: int) -> None:
    """Search module cards by the WORDS of classes, groups, models and data sets."""
    filters = {"ready": "true"} if ready else {}
    found = client.cards(" ".join(words), limit=limit, **filters)
    show_table(
        ("module", "of", "kind", "data set", "accuracy", "kept", "id"),
        (
            (
                card["title"],
                card["model"],
                card["kind"],
                card["dataset"],
                _share(card["accuracy"]),
                _share(card["retained_ratio"]),
                card["module_id"] or f"on demand, by {card['algorithm']}",
            )
            for card in found["items"]
        ),
    )
    if found["total"] > len(found["items"]):
        console.print(f"{len(found['items'])} of {found['total']:,}; say more, or raise --limit")


@click.command()
@search_options
@click.option("--watch", "is_watched", is_flag=True, help="Follow the job to its end.")
@on_server
def submit(client: Client, *, model: str, is_watched: bool, **options: Any) -> None:
    """Have a server cut a module out; options as of modelfoundry modularize."""
    known = tuple(client.model(model)["classes"])
    request = read_search(known, model=model, **options)
    _submitted(client, "modularize", request.model_dump(mode="json"), is_watched=is_watched)


@click.command("submit-json")
@click.argument("kind", metavar="KIND", type=click.Choice(get_args(JobKind)))
@click.argument("file", type=click.File())
@click.option("--watch", "is_watched", is_flag=True, help="Follow the job to its end.")
@on_server
def submit_json(client: Client, kind: str, file: TextIO, *, is_watched: bool) -> None:
    """Have a server do work of any KIND, described by a FILE of JSON as in the API (-: stdin)."""
    try:
        request = json.load(file)
    except ValueError as error:
        raise InvalidInputError.of("/file", f"{file.name} is not JSON: {error}") from error
    _submitted(client, kind, request, is_watched=is_watched)


@click.command()
@click.argument("job_id", metavar="JOB")
@on_server
def watch(client: Client, job_id: str) -> None:
    """Show a job's log and progress until it ends; Ctrl-C leaves it running."""
    _watch(client, job_id)


@click.command()
@click.argument("job_id", metavar="JOB")
@click.option("--follow", "-f", is_flag=True, help="Go on until the job ends.")
@click.option("--level", type=click.Choice(LEVELS), default="info", help="Leave out what is less.")
@on_server
def logs(client: Client, job_id: str, *, follow: bool, level: str) -> None:
    """Print a job's log, one line each, for people and programs."""
    wanted = LEVELS[LEVELS.index(level) :]
    events = client.events(job_id) if follow else client.past_events(job_id)
    try:
        for event in events:
            if event["type"] == "log" and event["data"]["level"] in wanted:
                line = f"{event['time'][:19]} {event['data']['level']} {event['data']['message']}"
                click.echo(escaped(line))
    except KeyboardInterrupt:
        leave(job_id)


@click.command()
@click.argument("job_id", metavar="JOB")
@on_server
def cancel(client: Client, job_id: str) -> None:
    """Ask a job to end."""
    job = client.cancel(job_id)
    asked = ", and was asked to end" if job["cancel_requested"] else ""
    console.print(f"job {job_id} is {job['state']}{asked}")


@click.command()
@click.argument("job_id", metavar="JOB")
@on_server
def retry(client: Client, job_id: str) -> None:
    """Queue a job again; it goes on from its checkpoint if it has one."""
    console.print(f"job {job_id} is {client.retry(job_id)['state']}")


@click.command()
@click.argument("module_id", metavar="MODULE")
@click.option("--format", "format_", type=click.Choice(get_args(Format)), default="onnx")
@click.option("--out", type=click.Path(path_type=Path), help="File or folder to save to.")
@on_server
def download(client: Client, module_id: str, *, format_: Format, out: Path | None) -> None:
    """Fetch one file of a module, or a zip of all, and check its hash; goes on if broken off."""
    suffix = {"manifest": "manifest.json", "readme": "md", "int8": "int8.onnx"}.get(
        format_, format_
    )
    name = f"{module_id}.{suffix}"
    destination = Path(name) if out is None else out / name if out.is_dir() else out
    path = client.download(module_id, format_, destination)
    console.print(f"Saved {path}", soft_wrap=True)


@click.command()
@click.argument("module_id", metavar="MODULE")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@on_server
def verify(client: Client, module_id: str, path: Path) -> None:
    """Check that the file, folder or zip at PATH is what the server has of a module."""
    for name in client.verify(module_id, path):
        console.print(f"{name} is as on the server")


@click.command()
@click.argument("module_ids", metavar="MODULE...", nargs=-1, required=True)
@on_server
def compare(client: Client, module_ids: tuple[str, ...]) -> None:
    """Show modules beside their original; for a single one, with all of the same target."""
    chosen = [client.module(module_id) for module_id in module_ids]
    if len(chosen) == 1:
        chosen += client.siblings(module_ids[0])
    table = compare_manifests([module["manifest"] for module in chosen])
    show_table(("measure", *table.columns), table.lines)


def _submitted(client: Client, kind: str, request: dict[str, Any], *, is_watched: bool) -> None:
    job = client.submit(kind, request)
    console.print(f"job {job['id']} is {job['state']}: {job['title']}")
    if is_watched:
        _watch(client, job["id"])


def _watch(client: Client, job_id: str) -> None:
    try:
        with EventDisplay() as display:
            for event in client.events(job_id):
                display.show(event["type"], event["data"])
    except KeyboardInterrupt:
        leave(job_id)
    job = client.job(job_id)
    if job["state"] == "failed":
        raise ModelFoundryError(f"job {job_id} failed: {job['error']}")
    console.print(f"job {job_id} is {job['state']}")
    for module_id in job["modules"]:
        show_result(client.module(module_id)["manifest"])
        console.print(f"Fetch it with: modelfoundry download {module_id}", soft_wrap=True)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2%}"

"""Commands for modules."""

from pathlib import Path
from typing import Any

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_int8, show_result, show_table
from modelfoundry.cli.robustness import show_robustness
from modelfoundry.cli.targets import read_target, target_options
from modelfoundry.evaluation.comparison import compare as compare_modules
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.pipelines.requests import ModularizeRequest
from modelfoundry.progress import SilentReporter
from modelfoundry.services.modularize import check_modularize
from modelfoundry.settings import Settings


@click.group()
@click.pass_context
def modules(context: click.Context) -> None:
    """List, inspect, compare, export and delete modules."""
    context.obj = build_services(Settings.from_environment())


@modules.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.pass_obj
def list_modules(services: Services, limit: int) -> None:
    """List the newest modules."""
    show_table(
        ("id", "title", "size", "created"),
        (
            (m.id, m.title, f"{m.size_bytes / 1024:,.0f} KiB", f"{m.created_at:%Y-%m-%d %H:%M}")
            for m in services.modules.page(limit=limit).items
        ),
        cut="title",
    )


@modules.command()
@click.argument("module_id")
@click.pass_obj
def show(services: Services, module_id: str) -> None:
    """Show a module's measures beside the original's."""
    show_result(services.modules.get(module_id).manifest.model_dump())
    for found in services.robustness.of(module_id):
        console.print()
        show_robustness(found)
    console.print(f"Files: {services.modules.folder(module_id)}", soft_wrap=True)


@modules.command()
@click.argument("module_id")
@click.option("--to", required=True, help="A folder, or hf://user/name on the Hugging Face hub.")
@click.pass_obj
def export(services: Services, module_id: str, to: str) -> None:
    """Copy a module's files, laid out as the Hugging Face hub reads them, once they are checked."""
    console.print(f"Copied to {services.exchange.export(module_id, to)}", soft_wrap=True)


@modules.command()
@click.argument("module_id")
@click.pass_obj
def verify(services: Services, module_id: str) -> None:
    """Compare every file of a module with the hash it was made with."""
    files = services.exchange.verify(module_id)
    show_table(("file", "sha256"), ((file.name, file.sha256) for file in files))
    console.print(f"All {len(files)} files are as they were made.")


@modules.command("import")
@click.argument("source")
@click.option(
    "--trusted", is_flag=True, help="Take module.pt2 over too, which may hold code; to compose."
)
@click.pass_obj
def import_module(services: Services, *, source: str, trusted: bool) -> None:
    """Take in a module that was exported: a folder, a .zip, or hf://user/name.

    Files are compared with the hashes in the manifest; the measures stay as stated there.
    """
    module = services.exchange.receive(source, trusted=trusted)
    show_result(module.manifest.model_dump())
    console.print(f"The module is in {services.modules.folder(module.id)}", soft_wrap=True)
    console.print(
        f"Measure it here with: modelfoundry evaluate --module {module.id}", soft_wrap=True
    )


@modules.command()
@click.argument("module_ids", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def compare(services: Services, module_ids: tuple[str, ...]) -> None:
    """Show modules beside their original; for a single one, with all of the same target."""
    chosen = [services.modules.get(module_id) for module_id in module_ids]
    if len(chosen) == 1:
        chosen += services.modules.siblings(chosen[0].id)
    table = compare_modules([module.manifest.model_dump() for module in chosen])
    show_table(("measure", *table.columns), table.lines)


@modules.command()
@click.argument("module_id")
@click.pass_obj
def quantize(services: Services, module_id: str) -> None:
    """Add an int8 file to a module, and measure what it loses and gains."""
    from modelfoundry.pipelines.quantize import quantize_module  # noqa: PLC0415 - loads torch

    services.modules.get(module_id)
    with console.status("Calibrating and measuring"):
        quantize_module(services.settings.home, module_id, reporter=SilentReporter())
    show_int8(services.modules.read_anew(module_id).manifest.model_dump())


@modules.command("import-masks")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", required=True, help="The model that the masks were searched on.")
@target_options
@click.pass_obj
def import_masks(services: Services, /, *, file: Path, model: str, **target: Any) -> None:
    """Make a module of a published SeaM mask file (.pth) and measure it.

    The file holds a number for every weight, kept where it is positive, and the module's head.
    """
    from modelfoundry.pipelines.import_masks import import_masks as measure  # noqa: PLC0415 - loads torch

    settings = services.settings
    known = services.models.find(model).classes
    request = ModularizeRequest(model=model, target=read_target(known, **target))
    plan = check_modularize(settings.home, request).plan
    with console.status("Measuring"):
        manifest = measure(file, plan, home=settings.home)
    adopt_bundles(settings.home, services.stores.modules)
    show_result(services.modules.get(manifest["id"]).manifest.model_dump())
    console.print(f"The module is in {services.modules.folder(manifest['id'])}", soft_wrap=True)


@modules.command()
@click.argument("module_id")
@click.confirmation_option(prompt="Delete the module and its files?")
@click.pass_obj
def delete(services: Services, module_id: str) -> None:
    """Delete a module and its files."""
    services.modules.delete(module_id)
    console.print(f"Deleted {module_id}")

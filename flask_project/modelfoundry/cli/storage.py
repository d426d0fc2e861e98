"""Commands for what the data folder holds."""

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_table
from modelfoundry.services.system import CLEANABLE
from modelfoundry.settings import Settings

MEBIBYTE = 2**20


@click.group()
@click.pass_context
def storage(context: click.Context) -> None:
    """Tell what the data folder holds, and free what nobody needs any more."""
    context.obj = build_services(Settings.from_environment())


@storage.command("list")
@click.pass_obj
def list_storage(services: Services) -> None:
    """List what is kept, and what a clean-up would delete of it."""
    folders = services.system.describe().folders
    show_table(
        ("kept", "MB", "freeable MB"),
        ((each.name, _mb(each.size_bytes), _mb(each.freeable_bytes)) for each in folders),
    )
    items = [
        (each.name, item.name, _mb(item.size_bytes)) for each in folders for item in each.freeable
    ]
    if items:
        show_table(("kept", "would be deleted", "MB"), items)


@storage.command()
@click.argument("name", type=click.Choice(CLEANABLE))
@click.pass_obj
def clean(services: Services, name: str) -> None:
    """Delete what can be had again or nobody needs any more, of one kind."""
    console.print(f"Freed {_mb(services.system.clean_up(name))} MB")


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / MEBIBYTE:,.1f}"

"""Commands for data sets and their groups of classes."""

from pathlib import Path

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_table
from modelfoundry.settings import Settings


@click.group()
@click.pass_context
def data(context: click.Context) -> None:
    """List data sets and bring your own."""
    context.obj = build_services(Settings.from_environment())


@data.command("list")
@click.pass_obj
def list_datasets(services: Services) -> None:
    """List the data sets, on disk or only known."""
    show_table(
        ("name", "title", "classes", "training images", "test images", "how to get it"),
        (
            (
                *(card.name, card.title, len(card.classes), card.num_train, card.num_test),
                card.how_to_get,
            )
            for card in services.datasets.all()
        ),
    )


@data.command("get")
@click.argument("name")
@click.pass_obj
def get_dataset(services: Services, name: str) -> None:
    """Download a public data set."""
    card = services.datasets.get(name)
    console.print(f"{card.name}: {card.num_train:,} training and {card.num_test:,} test images")


@data.command("import")
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--title", help="For people; the name if absent.")
@click.option("--size", type=click.IntRange(min=1), help="Resize folder images to this square.")
@click.option("--skip-corrupt", is_flag=True, help="Go on without files that cannot be used.")
@click.pass_obj
def import_dataset(
    services: Services,
    *,
    name: str,
    files: tuple[Path, ...],
    title: str | None,
    size: int | None,
    skip_corrupt: bool,
) -> None:
    """Import arrays (.npz) or an image folder (or a .zip of one).

    Under the names cub200, dogs, flowers102, mit67 and stanford40 the folder is read by the lists
    that those data sets are published with; its files stay where they are.
    """
    card = services.datasets.add(name, list(files), title=title, size=size, leave_out=skip_corrupt)
    console.print(f"{card.name}: {card.num_train:,} training and {card.num_test:,} test images")
    console.print(card.source)


@data.command("delete")
@click.argument("name")
@click.confirmation_option(prompt="Delete the images of the data set?")
@click.pass_obj
def delete_dataset(services: Services, name: str) -> None:
    """Delete a data set from the data folder; models and modules stay."""
    services.datasets.delete(name)
    console.print(f"Deleted {name}")


@data.group()
def groups() -> None:
    """List named groups of classes and bring your own."""


@groups.command("list")
@click.argument("dataset")
@click.pass_obj
def list_groups(services: Services, dataset: str) -> None:
    """List the groups of a data set."""
    show_table(
        ("name", "classes"),
        ((g.name, ", ".join(g.classes)) for g in services.datasets.find(dataset).groups),
    )


@groups.command("import")
@click.argument("dataset")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_groups(services: Services, dataset: str, file: Path) -> None:
    """Add the groups in a JSON file, {"pets": ["cat", "dog"]}, in place of those added before."""
    card = services.datasets.import_groups(dataset, file)
    console.print(f"{card.name} has {', '.join(g.name for g in card.groups)}", soft_wrap=True)

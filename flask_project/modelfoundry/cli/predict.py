"""Ask modules and models what is on pictures."""

from pathlib import Path
from typing import get_args

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_table
from modelfoundry.errors import UnknownNameError, UnreadableFileError
from modelfoundry.services.predict import Prediction, RunnableFormat
from modelfoundry.settings import Settings


@click.command()
@click.argument("network")
@click.argument(
    "images",
    nargs=-1,
    required=True,
    metavar="IMAGE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(get_args(RunnableFormat)),
    default="onnx",
    show_default=True,
    help="Which file of a module to run.",
)
def predict(network: str, images: tuple[Path, ...], file_format: RunnableFormat) -> None:
    """Say what a module (by its id) or a model (by its name) sees on each IMAGE.

    A module's answer stands beside that of the network it was cut from. An image that cannot be
    read is told, and the others are still answered.
    """
    services = build_services(Settings.from_environment())
    is_module = _is_module(services, network)
    if not is_module:
        services.predict.write_network(network)
    rows = []
    unreadable = []
    for image in images:
        content = image.read_bytes()
        try:
            found = (
                services.predict.by_module(network, content, file=image.name, format=file_format)
                if is_module
                else services.predict.by_model(network, content, file=image.name)
            )
            rows += _rows(found)
        except UnreadableFileError as error:
            unreadable.append(str(error))
    show_table(("image", "asked", "answer", "probability", "ms"), rows)
    if unreadable:
        raise UnreadableFileError("; ".join(unreadable))
    console.print("Times: medians of a few runs on one thread, the first one left out.")


def _is_module(services: Services, name: str) -> bool:
    try:
        services.modules.get(name)
    except UnknownNameError:
        services.models.find(name)
        return False
    return True


def _rows(found: Prediction) -> list[tuple[str, ...]]:
    return [
        (
            found.file,
            answer.role,
            answer.scores[0].label,
            f"{answer.scores[0].probability:.1%}",
            f"{answer.latency_ms:.2f}",
        )
        for answer in found.answers
    ]

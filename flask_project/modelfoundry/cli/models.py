"""Commands for trained networks: those that are here, and bringing more."""

from pathlib import Path

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cards import ModelCard
from modelfoundry.cli.display import console, show_facts, show_table
from modelfoundry.errors import InvalidInputError
from modelfoundry.settings import Settings


@click.group()
@click.pass_context
def models(context: click.Context) -> None:
    """List trained networks and bring your own."""
    context.obj = build_services(Settings.from_environment())


@models.command("list")
@click.pass_obj
def list_models(services: Services) -> None:
    """List the trained networks."""
    show_table(
        ("name", "title", "architecture", "data set", "test accuracy"),
        (
            (
                card.name,
                card.title,
                card.architecture,
                card.dataset,
                "" if card.test_accuracy is None else f"{card.test_accuracy:.2%}",
            )
            for card in services.models.all()
        ),
    )


@models.command("show")
@click.argument("name")
@click.pass_obj
def show_model(services: Services, name: str) -> None:
    """Show everything about a trained network."""
    show_facts(services.models.find(name).model_dump())


@models.command()
@click.argument("words", nargs=-1)
@click.pass_obj
def architectures(services: Services, words: tuple[str, ...]) -> None:
    """List the kinds of network that can be trained and whose weights can be imported.

    All of them, more than a thousand, or those whose name or family contains every one of WORDS.
    """
    show_table(
        ("name", "family", "images", "smallest images"),
        (
            (
                card.name,
                card.family,
                "x".join(map(str, card.input_shape)),
                card.smallest_side or "the same",
            )
            for card in services.catalog.architectures(" ".join(words))
        ),
    )


@models.command()
@click.argument("words", nargs=-1)
@click.pass_obj
def published(services: Services, words: tuple[str, ...]) -> None:
    """List the weights that `models get` can download, or those whose name contains WORDS.

    Of every network of a library, its default weights come first.
    """
    show_table(
        ("name", "data set", "license"),
        (
            (weights.name, weights.dataset, weights.license)
            for weights in services.models.published(" ".join(words))
        ),
    )


@models.command("get")
@click.argument("weights")
@click.option("--name", help="Of the new model; that of the weights if absent.")
@click.pass_obj
def get_model(services: Services, weights: str, name: str | None) -> None:
    """Download published WEIGHTS, such as vgg16-bn-cifar10 or timm/mixer_b16_224."""
    _show_imported(services.models.get(weights, name=name))


@models.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", required=True, help="What the network was trained on.")
@click.option("--architecture", help="Found out from the weights if absent.")
@click.option("--mean", help="Per channel, as 0.485,0.456,0.406 (which is the default).")
@click.option("--std", help="Per channel, as 0.229,0.224,0.225 (which is the default).")
@click.option("--title", help="For people; the name if absent.")
@click.option("--license", "license_", help="Of the weights.")
@click.pass_obj
def import_model(
    services: Services,
    *,
    name: str,
    file: Path,
    dataset: str,
    architecture: str | None,
    mean: str | None,
    std: str | None,
    title: str | None,
    license_: str | None,
) -> None:
    """Import weights (.safetensors, .pt, .pth, .th) of a known architecture."""
    card = services.models.add(
        name,
        file,
        dataset=dataset,
        architecture=architecture,
        mean=_numbers("mean", mean),
        std=_numbers("std", std),
        title=title,
        license=license_,
    )
    _show_imported(card)


@models.command("delete")
@click.argument("name")
@click.confirmation_option(prompt="Delete the model and its weights?")
@click.pass_obj
def delete_model(services: Services, name: str) -> None:
    """Delete a trained network; its modules stay."""
    services.models.delete(name)
    console.print(f"Deleted {name}")


def _show_imported(card: ModelCard) -> None:
    console.print(
        f"{card.name}: {card.architecture}, {card.num_parameters:,} parameters, images normalised "
        f"with mean {card.mean} and std {card.std}",
        soft_wrap=True,
    )


def _numbers(option: str, text: str | None) -> tuple[float, ...] | None:
    if text is None:
        return None
    try:
        return tuple(float(number) for number in text.split(","))
    except ValueError:
        message = f"--{option} {text!r} is not a list of numbers such as 0.5,0.5,0.5"
        raise InvalidInputError.of(f"/{option}", message) from None

"""The options that say which module to search and how, on this machine or on a server."""

from collections.abc import Callable
from functools import reduce
from typing import Any, get_args

import click

from modelfoundry.cli.assignments import read_assignment
from modelfoundry.cli.targets import read_target, target_options
from modelfoundry.pipelines.requests import ExtraExport, ModularizeRequest

Command = Callable[..., Any]

OPTIONS = (
    click.option("--model", required=True, help="Name of a model; see: modelfoundry models list."),
    target_options,
    click.option("--algorithm", default="seam", show_default=True),
    click.option("--preset", help="Named settings to start from; the algorithm's first if absent."),
    click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="One setting."),
    click.option("--seed", type=int, help="The same as --set seed=N."),
    click.option("--export", "exports", multiple=True, type=click.Choice(get_args(ExtraExport))),
)


def search_options(command: Command) -> Command:
    """Add what ``read_search`` needs to a command, as arguments of the same names."""
    return reduce(lambda made, option: option(made), reversed(OPTIONS), command)


def read_search(
    known: tuple[str, ...],
    *,
    model: str,
    algorithm: str,
    preset: str | None,
    assignments: tuple[str, ...],
    seed: int | None,
    exports: tuple[ExtraExport, ...],
    **target: Any,
) -> ModularizeRequest:
    """Make a request of the options' values.

    Args:
        known: Classes of the model.

    Raises:
        InvalidInputError: A setting has no value.
    """
    settings = dict(map(read_assignment, assignments))
    if seed is not None:
        settings["seed"] = seed
    return ModularizeRequest(
        model=model,
        target=read_target(known, **target),
        algorithm=algorithm,
        preset=preset,
        settings=settings,
        exports=exports,
    )

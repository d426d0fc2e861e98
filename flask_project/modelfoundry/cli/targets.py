"""The options that say what a module must solve."""

from collections.abc import Callable
from typing import Any

import click

from modelfoundry.pipelines.requests import RandomClasses, Target, TargetKind

OPTIONS = (
    click.option("--target", "targets", multiple=True, help="Class; may be repeated."),
    click.option("--group", help="Named group of classes; see: modelfoundry data groups list."),
    click.option("--random-classes", type=int, metavar="N", help="Draw N classes at random."),
    click.option("--shots", type=int, metavar="N", help="Learn from N images per output only."),
    click.option(
        "--target-seed",
        type=click.IntRange(0, 2**31 - 1),
        default=0,
        show_default=True,
        help="Decides which classes or shots are drawn.",
    ),
    click.option(
        "--kind", type=click.Choice(["binary", "multi-class"]), help="Inferred if absent."
    ),
)


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, which takes them as arguments of the same names."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def read_target(
    known: tuple[str, ...],
    *,
    targets: tuple[str, ...],
    group: str | None,
    random_classes: int | None,
    shots: int | None,
    target_seed: int,
    kind: TargetKind | None,
) -> Target:
    """Make a target of the options' values.

    Args:
        known: Classes of the model; a text that is none of them is split at its commas.
    """
    return Target(
        kind=kind,
        classes=tuple(
            name for text in targets for name in ([text] if text in known else text.split(","))
        ),
        group=group,
        random=None
        if random_classes is None
        else RandomClasses(count=random_classes, seed=target_seed),
        shots=shots,
        shots_seed=target_seed,
    )

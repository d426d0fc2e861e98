"""The options that say what a module must solve."""

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import click

from modelfoundry.bootstrap import Services
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.requests import RandomClasses, Target, TargetKind

DRAWN = (
    click.option("--random-classes", type=int, metavar="N", help="Draw N classes at random."),
    click.option("--shots", type=int, metavar="N", help="Learn from N images per output only."),
    click.option(
        "--target-seed",
        type=click.IntRange(0, 2**31 - 1),
        default=0,
        show_default=True,
        help="Decides which classes or shots are drawn.",
    ),
)
ONE_TARGET = (
    click.option(
        "--target",
        "targets",
        multiple=True,
        help="Class; may be repeated. An algorithm that makes a module of each class takes all "
        "classes if absent.",
    ),
    click.option(
        "--group",
        "groups",
        multiple=True,
        help="Named group of classes; see: modelfoundry data groups list. Several: a module of "
        "each.",
    ),
    *DRAWN,
    click.option("--kind", type=click.Choice(get_args(TargetKind)), help="Inferred if absent."),
)
MANY_TARGETS = (
    click.option(
        "--target",
        "targets",
        multiple=True,
        help="A class, or several with commas between, to tell apart; may be repeated. all: each "
        "class by itself.",
    ),
    click.option(
        "--group", "groups", multiple=True, help="A named group of classes; all: each of them."
    ),
    *DRAWN,
)


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what ``read_target`` needs to a command, as arguments of the same names."""
    return _with_options(ONE_TARGET, command)


def targets_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what ``read_targets`` needs to a command, as arguments of the same names."""
    return _with_options(MANY_TARGETS, command)


def _with_options(
    options: tuple[Callable[..., Any], ...], command: Callable[..., Any]
) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def read_target(
    known: tuple[str, ...],
    *,
    targets: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    random_classes: int | None = None,
    shots: int | None,
    target_seed: int,
    kind: TargetKind | None = None,
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
        group=groups[0] if len(groups) == 1 else None,
        groups=groups if len(groups) > 1 else (),
        random=None
        if random_classes is None
        else RandomClasses(count=random_classes, seed=target_seed),
        shots=shots,
        shots_seed=target_seed,
    )


def read_targets(
    services: Services,
    model: str,
    *,
    targets: tuple[str, ...],
    groups: tuple[str, ...],
    random_classes: int | None,
    shots: int | None,
    target_seed: int,
) -> str | list[Target]:
    """Make the targets of a sweep of the options' values.

    Args:
        services: Where the names are looked up that ``all`` stands for.
        model: The sweep's first model, whose classes and groups are meant.

    Raises:
        InvalidInputError: No target is named.
    """
    if not targets and not groups and random_classes is None:
        raise InvalidInputError.of(
            "/targets", "name one or more: --target CLASS, --group NAME, or all for either"
        )
    match targets, groups, random_classes, shots:
        case ("all",), (), None, None:
            return "every class"
        case (), ("all",), None, None:
            return "every group"
    card = services.models.find(model)
    if targets == ("all",):
        targets = card.classes
    if groups == ("all",):
        groups = tuple(group.name for group in services.datasets.find(card.dataset).groups)
    read = partial(read_target, card.classes, shots=shots, target_seed=target_seed)
    return [
        *(read(targets=(text,)) for text in targets),
        *(read(groups=(name,)) for name in groups),
        *([] if random_classes is None else [read(random_classes=random_classes)]),
    ]

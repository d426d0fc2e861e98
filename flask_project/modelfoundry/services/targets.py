"""Decide which classes a target means, and find what is wrong with it."""

from collections.abc import Iterator

import numpy as np

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.data.groups import all_of
from modelfoundry.data.splits import held_out_count
from modelfoundry.errors import Fault, UnknownNameError, quoted
from modelfoundry.pipelines.requests import RandomClasses, Target, TargetKind

FEWEST_IMAGES = 2  # of a class: one to learn from, one to validate with


def resolve_classes(
    faults: list[Fault], target: Target, model: ModelCard, dataset: DatasetCard | None
) -> tuple[str, ...]:
    """Name the classes that a target means; add a fault for each that cannot be meant.

    Args:
        faults: Added to.
        target: Names classes, a group of the data set or a number of random classes.
        model: Knows the classes.
        dataset: The model's own, None if it is not here; has the groups.
    """
    meant: dict[str, tuple[str, ...]] = {}
    if target.classes:
        faults += _class_faults(target.classes, model)
        meant["/target/classes"] = target.classes
    if target.group is not None and dataset is not None:
        group = {group.name: group for group in dataset.groups}.get(target.group)
        if group:
            meant["/target/group"] = group.classes
        else:
            faults.append(Fault("/target/group", unknown_group(target.group, dataset)))
    if target.groups:
        message = (
            "several groups are several modules, which only a target of the kind each has; name "
            "one in group, or choose an algorithm that makes a module of each"
        )
        faults.append(Fault("/target/groups", message))
    if target.random is not None:
        most = len(model.classes) - 1
        if 1 <= target.random.count <= most:
            meant["/target/random"] = draw_classes(model.classes, target.random)
        else:
            message = (
                f"{target.random.count} random classes are outside 1-{most}: {model.name} knows "
                f"{most + 1} classes, and one at least must be left out"
            )
            faults.append(Fault("/target/random/count", message))
    if not (target.classes or target.group or target.random or target.groups):
        message = "name classes, a group, or a number of random classes"
        faults.append(Fault("/target/classes", message))
    if len({frozenset(classes) for classes in meant.values()}) > 1:
        listed = "; ".join(
            f"{pointer.rpartition('/')[2]}: {', '.join(classes)}"
            for pointer, classes in meant.items()
        )
        message = f"these mean different classes ({listed}); leave all but one out"
        faults.append(Fault("/target/classes", message))
    return next(iter(meant.values()), ())


def draw_classes(classes: tuple[str, ...], wanted: RandomClasses) -> tuple[str, ...]:
    """Draw classes at random, in the order of the model's outputs."""
    order = np.random.default_rng(wanted.seed).permutation(len(classes))
    return tuple(classes[index] for index in sorted(order[: wanted.count]))


def pointer_to_classes(target: Target) -> str:
    """Point to what names the classes in a request."""
    if target.group is not None:
        return "/target/group"
    return "/target/classes" if target.random is None else "/target/random/count"


def kind_faults(
    target: Target, classes: tuple[str, ...], kind: TargetKind, model: ModelCard
) -> Iterator[Fault]:
    """Point out a number of classes that does not suit the kind of target or the model."""
    pointer = pointer_to_classes(target)
    if kind == "binary" and len(classes) > 1:
        yield Fault(
            "/target/kind",
            f"a binary target is one class against the rest, but {len(classes)} are named; "
            "name one, or make it multi-class",
        )
    if kind == "multi-class" and len(classes) == 1:
        yield Fault(
            pointer,
            "a multi-class target needs at least two classes; name more, or make it binary",
        )
    if whole := all_of(classes, model):
        yield Fault(pointer, f"these are {whole}")


def image_faults(
    target: Target,
    classes: tuple[str, ...],
    kind: TargetKind,
    dataset: DatasetCard,
    *,
    validation_fraction: float,
) -> Iterator[Fault]:
    """Point out classes with too few training images to learn, to validate or to draw shots from.

    Args:
        target: As asked for.
        classes: What it means, all of them classes of the data set.
        kind: ``binary`` or ``multi-class``.
        dataset: Nothing is said of one that is not on disk.
        validation_fraction: Share of a class's training images that is held out.
    """
    if not classes or not dataset.num_train_by_class:
        return
    counts = dict(zip(dataset.classes, dataset.num_train_by_class, strict=True))
    too_few = [name for name in classes if counts[name] < FEWEST_IMAGES]
    for name in too_few:
        yield Fault(
            pointer_to_classes(target),
            f"{dataset.name} has {counts[name]} training images of {name!r}; at least "
            f"{FEWEST_IMAGES} are needed, one of them to validate with: leave the class out or "
            "add images",
        )
    if target.shots is None or too_few:
        return
    left = {name: n - held_out_count(n, validation_fraction) for name, n in counts.items() if n}
    scarcest = min(classes, key=lambda name: left[name])
    most = left[scarcest]
    if kind == "binary":
        most = min(most, sum(left.values()) - left[scarcest])
    if not 1 <= target.shots <= most:
        yield Fault(
            "/target/shots",
            f"{target.shots} shots are outside 1-{most}: {dataset.name} has {counts[scarcest]} "
            f"training images of {scarcest!r}, of which {counts[scarcest] - left[scarcest]} are "
            "held out for validation",
        )


def _class_faults(classes: tuple[str, ...], model: ModelCard) -> Iterator[Fault]:
    for at, name in enumerate(classes):
        pointer = f"/target/classes/{at}"
        if name not in model.classes:
            unknown = UnknownNameError(f"class of {model.name}", name, model.classes)
            yield Fault(pointer, str(unknown))
        elif name in classes[:at]:
            yield Fault(pointer, f"class {quoted(name)} is named more than once; once is enough")


def unknown_group(name: str, dataset: DatasetCard) -> str:
    """Say that a data set has no group of a name, and how to add one."""
    unknown = UnknownNameError(f"group of {dataset.name}", name, [g.name for g in dataset.groups])
    return f"{unknown}; add groups with: modelfoundry data groups import {dataset.name} FILE"

"""Decide what a module for each of several classes or groups means, and find what is wrong."""

from itertools import chain, combinations

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.errors import Fault, quoted
from modelfoundry.pipelines.requests import Target
from modelfoundry.services.targets import resolve_classes, unknown_group


def resolve_each(
    faults: list[Fault], target: Target, model: ModelCard, dataset: DatasetCard | None
) -> tuple[str, ...]:
    """Name the classes that modules are wanted for; add a fault for all that cannot be meant.

    Args:
        faults: Added to.
        target: Of kind ``each``; names nothing, classes of the model, or groups of the data set.
        model: Knows the classes.
        dataset: The model's own, None if it is not here; has the groups.
    """
    if target.shots is not None:
        message = "modules for each class learn from all training images; leave shots out"
        faults.append(Fault("/target/shots", message))
    if target.group is not None:
        message = (
            f"{quoted(target.group)} alone is one module; name two groups or more in groups, or "
            "choose an algorithm that makes one module of it"
        )
        faults.append(Fault("/target/group", message))
        return ()
    if target.groups:
        if len(set(target.groups)) == 1:
            faults.append(_too_few(target.groups[0], "/target/groups"))
        return _resolve_groups(faults, target, dataset) if dataset else ()
    if not (target.classes or target.random):
        return model.classes
    classes = resolve_classes(faults, target, model, dataset)
    if len(set(classes)) == 1:
        faults.append(_too_few(classes[0], "/target/classes"))
    return classes


def _too_few(name: str, pointer: str) -> Fault:
    return Fault(
        pointer,
        f"{quoted(name)} alone leaves nothing to tell it from; name two or more, or ask for one "
        "module of it",
    )


def _resolve_groups(faults: list[Fault], target: Target, dataset: DatasetCard) -> tuple[str, ...]:
    known = {group.name: group.classes for group in dataset.groups}
    for at, name in enumerate(target.groups):
        if name not in known:
            faults.append(Fault(f"/target/groups/{at}", unknown_group(name, dataset)))
        elif name in target.groups[:at]:
            message = f"group {quoted(name)} is named more than once; once is enough"
            faults.append(Fault(f"/target/groups/{at}", message))
    wanted = {name: known[name] for name in target.groups if name in known}
    for first, second in combinations(wanted, 2):
        if both := [name for name in wanted[first] if name in wanted[second]]:
            message = (
                f"{', '.join(both)} would be in {first!r} and in {second!r}, so that no answer "
                "would be right; name groups without common classes"
            )
            at = target.groups.index(second)
            faults.append(Fault(f"/target/groups/{at}", message))
    classes = tuple(chain(*wanted.values()))
    if target.random or (target.classes and set(target.classes) != set(classes)):
        message = "modules are wanted for each class or for each group; leave one of the two out"
        faults.append(Fault("/target/groups", message))
    return classes

"""Named groups of a data set's classes: its own, and those that its users add."""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from modelfoundry.cards import ClassGroup, DatasetCard, ModelCard
from modelfoundry.errors import (
    Fault,
    InvalidInputError,
    UnknownNameError,
    UnreadableFileError,
    json_pointer,
    quoted,
)
from modelfoundry.settings import Home
from modelfoundry.storage import replace_durably, storage_errors

MAX_NAME_LENGTH = 100
EVERY_GROUP = "all"  # on the command line
EXAMPLE = '{"pets": ["cat", "dog"]}'

GroupTable = dict[str, tuple[str, ...]]

GROUP_TABLE = TypeAdapter(GroupTable)
_log = logging.getLogger(__name__)


def class_groups(classes_by_name: Mapping[str, Sequence[str]]) -> tuple[ClassGroup, ...]:
    """Turn a table of names and classes into the groups of a card."""
    return tuple(
        ClassGroup(name=name, classes=tuple(classes)) for name, classes in classes_by_name.items()
    )


def all_of(classes: Sequence[str], card: DatasetCard | ModelCard) -> str | None:
    """Say that classes are all of a card's, if they are, and why they cannot be a target."""
    if not set(classes) >= set(card.classes):
        return None
    return (
        f"all {len(card.classes)} classes of {card.name}, so that nothing would be cut off; leave "
        "one out or more"
    )


def read_group_file(file: Path) -> Any:
    """Read a user's groups as they stand there; raises ``UnreadableFileError`` if it is no JSON."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(
            f"{file.name} is not JSON ({error}); write groups as {EXAMPLE}"
        ) from error


def save_groups(home: Home, dataset: DatasetCard, groups: GroupTable) -> None:
    """Check groups and keep them in place of all that the data set's users have added so far.

    Args:
        home: Where groups are kept.
        dataset: With its own groups only.
        groups: None at all takes every added group away.

    Raises:
        InvalidInputError: A group is empty, has one class, names classes the data set does not
            have, has all of its classes, or has the name of one of its own groups or one that
            stands for all of them; lists every fault.
        StorageError: The disk is full or cannot be written.
    """
    faults = [fault for name in groups for fault in _faults(name, groups[name], dataset)]
    if faults:
        raise InvalidInputError(faults)
    with storage_errors(home.groups):
        home.groups.mkdir(parents=True, exist_ok=True)
        replace_durably(_file(home, dataset.name), json.dumps(groups, indent=1).encode())


def forget_groups(home: Home, dataset: str) -> None:
    """Take every group away that users have added to a data set, if any."""
    with storage_errors(home.groups):
        _file(home, dataset).unlink(missing_ok=True)


def with_added_groups(home: Home, dataset: DatasetCard) -> DatasetCard:
    """Complete a card with the groups that users have added; unusable ones are left out."""
    file = _file(home, dataset.name)
    if not file.is_file():
        return dataset
    try:
        added = GROUP_TABLE.validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        _log.warning("skipped the unreadable groups in %s: %s", file, error)
        return dataset
    usable = {
        name: classes for name, classes in added.items() if not [*_faults(name, classes, dataset)]
    }
    return dataset.model_copy(update={"groups": dataset.groups + class_groups(usable)})


def _file(home: Home, dataset: str) -> Path:
    return home.groups / f"{dataset}.json"


def _faults(name: str, classes: Sequence[str], dataset: DatasetCard) -> Iterator[Fault]:
    pointer = json_pointer("groups", name)
    if not name.isprintable() or not 0 < len(name.strip()) <= MAX_NAME_LENGTH:
        yield Fault(
            "/groups", f"{quoted(name)} cannot name a group; use 1 to {MAX_NAME_LENGTH} letters"
        )
    if name == EVERY_GROUP:
        yield Fault(pointer, f"{name!r} stands for every group; choose another name")
    if any(group.name == name for group in dataset.groups):
        yield Fault(
            pointer, f"{dataset.name} has a group {quoted(name)} of its own; choose another name"
        )
    if not classes:
        yield Fault(pointer, f"group {quoted(name)} is empty; name two or more classes")
    if len(classes) == 1:
        yield Fault(
            pointer,
            f"group {quoted(name)} has only the class {quoted(classes[0])}; name two or more, or "
            "take that class as the target",
        )
    if whole := all_of(classes, dataset):
        yield Fault(pointer, f"group {quoted(name)} has {whole}")
    for class_name, count in Counter(classes).items():
        if count > 1:
            yield Fault(
                pointer,
                f"group {quoted(name)} names {quoted(class_name)} {count} times; once is enough",
            )
        if class_name not in dataset.classes:
            unknown = UnknownNameError(f"class of {dataset.name}", class_name, dataset.classes)
            yield Fault(pointer, f"group {quoted(name)}: {unknown}")

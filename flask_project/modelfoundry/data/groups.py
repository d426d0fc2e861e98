"""Named groups of a data set's classes: its own, and those that its users add."""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from modelfoundry.cards import ClassGroup, DatasetCard
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError, UnreadableFileError
from modelfoundry.settings import Home
from modelfoundry.storage import storage_errors, write_durably

MAX_NAME_LENGTH = 100
EXAMPLE = '{"pets": ["cat", "dog"]}'

GroupTable = dict[str, tuple[str, ...]]

_TABLE = TypeAdapter(GroupTable)
_log = logging.getLogger(__name__)


def class_groups(classes_by_name: Mapping[str, Sequence[str]]) -> tuple[ClassGroup, ...]:
    """Turn a table of names and classes into the groups of a card."""
    return tuple(
        ClassGroup(name=name, classes=tuple(classes)) for name, classes in classes_by_name.items()
    )


def read_group_file(file: Path) -> GroupTable:
    """Read a user's groups, a JSON object of lists: ``{"pets": ["cat", "dog"]}``.

    Raises:
        UnreadableFileError: It is not JSON.
        InvalidInputError: It is JSON of another form.
    """
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnreadableFileError(
            f"{file.name} is not JSON ({error}); write groups as {EXAMPLE}"
        ) from error
    try:
        return _TABLE.validate_python(content)
    except ValidationError as error:
        raise InvalidInputError(
            Fault(
                "".join(f"/{part}" for part in ("groups", *complaint["loc"])),
                f"{complaint['msg']}, not {complaint['input']!r}; write groups as {EXAMPLE}",
            )
            for complaint in error.errors()
        ) from error


def save_groups(home: Home, dataset: DatasetCard, groups: GroupTable) -> None:
    """Check groups and keep them in place of all that the data set's users have added so far.

    Args:
        home: Where groups are kept.
        dataset: With its own groups only.
        groups: None at all takes every added group away.

    Raises:
        InvalidInputError: A group is empty, has one class, names classes the data set does not
            have, or has the name of one of its own groups; lists every fault.
        StorageError: The disk is full or cannot be written.
    """
    faults = [fault for name in groups for fault in _faults(name, groups[name], dataset)]
    if faults:
        raise InvalidInputError(faults)
    with storage_errors(home.groups):
        home.groups.mkdir(parents=True, exist_ok=True)
        written = home.groups / f".{dataset.name}.json"
        write_durably(written, json.dumps(groups, indent=1).encode())
        written.replace(_file(home, dataset.name))


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
        added = _TABLE.validate_json(file.read_bytes())
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
    pointer = f"/groups/{name}"
    if not name.isprintable() or not 0 < len(name.strip()) <= MAX_NAME_LENGTH:
        yield Fault("/groups", f"{name!r} cannot name a group; use 1 to {MAX_NAME_LENGTH} letters")
    if any(group.name == name for group in dataset.groups):
        yield Fault(pointer, f"{dataset.name} has a group {name!r} of its own; choose another name")
    if not classes:
        yield Fault(pointer, f"group {name!r} is empty; name two or more classes")
    if len(classes) == 1:
        yield Fault(
            pointer,
            f"group {name!r} has only the class {classes[0]!r}; name two or more, or take that "
            "class as the target",
        )
    for class_name, count in Counter(classes).items():
        if count > 1:
            yield Fault(
                pointer, f"group {name!r} names {class_name!r} {count} times; once is enough"
            )
        if class_name not in dataset.classes:
            unknown = UnknownNameError(f"class of {dataset.name}", class_name, dataset.classes)
            yield Fault(pointer, f"group {name!r}: {unknown}")

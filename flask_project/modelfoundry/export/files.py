"""Put a folder on disk whole or not at all."""

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelfoundry.errors import StorageError
from modelfoundry.storage import UNFINISHED_PREFIX

_CURRENT_FOLDER = -100  # AT_FDCWD: paths are relative to the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE: both names exist before and after


@contextmanager
def unfinished_folder(parent: Path) -> Iterator[Path]:
    """Make a hidden folder in ``parent``; whatever is left of it at the end is removed.

    Raises:
        StorageError: The folder cannot be made.
    """
    with storage_errors(parent):
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED_PREFIX, dir=parent))
        folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def storage_errors(place: Path) -> Iterator[None]:
    """Turn a refusal of the disk into a :class:`StorageError` that names the place."""
    try:
        yield
    except OSError as refusal:
        raise StorageError(
            f"cannot write to {place}: {refusal.strerror}; free some space there or choose "
            "another MODELFOUNDRY_HOME"
        ) from refusal


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def move_into_place(folder: Path, target: Path) -> None:
    """Give a finished folder its name in one step.

    If ``target`` exists, the two change places in one step: a reader finds the old folder or the
    new one, never none. The old one is then at ``folder``.
    """
    _sync_folder(folder)
    if target.exists():
        _exchange(folder, target)
    else:
        folder.rename(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exchange(first: Path, second: Path) -> None:
    """Swap two names; Python has no call of its own for this one."""
    rename = ctypes.CDLL(None, use_errno=True).renameat2
    names = os.fsencode(first), os.fsencode(second)
    if rename(_CURRENT_FOLDER, names[0], _CURRENT_FOLDER, names[1], _EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(second))

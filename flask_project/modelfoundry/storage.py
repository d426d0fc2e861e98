"""Write folders whole or not at all, and tell whether a file is still the same."""

import ctypes
import errno
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from modelfoundry.errors import InvalidInputError, StorageError, WrongStateError, quoted

NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
NAME_FORM = (
    "use up to 64 lower-case letters, digits, '.', '_' and '-', starting with a letter or digit"
)
UNFINISHED_PREFIX = ".unfinished-"

_CURRENT_FOLDER = -100  # AT_FDCWD: paths are relative to the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE: both names exist before and after


def sha256_of_file(path: Path) -> str:
    """Hash a file's content without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_new_name(name: str, *, kind: str, taken_in: tuple[Path, ...]) -> None:
    """Refuse a name that cannot be a folder of ours or is already taken.

    Args:
        name: What the user asked for.
        kind: What is being named, for the message: ``"model"``.
        taken_in: Folders that hold one folder per name in use.

    Raises:
        InvalidInputError: Pointing at ``/name``.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise InvalidInputError.of(
            "/name",
            f"{quoted(name)} cannot name a {kind}; {NAME_FORM}",
        )
    if any((folder / name).exists() for folder in taken_in):
        raise InvalidInputError.of(
            "/name", f"a {kind} named {quoted(name)} is already here; choose another name"
        )


@contextmanager
def whole_folder(destination: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes ``destination`` when the block ends well.

    If the block raises, or the process dies, ``destination`` does not appear.

    Raises:
        StorageError: Something could not be written.
        WrongStateError: ``destination`` has appeared meanwhile.
    """
    with unfinished_folder(destination.parent) as folder, storage_errors(destination):
        yield folder
        try:
            move_to_new_place(folder, destination)
        except FileExistsError as taken:
            raise WrongStateError(
                f"{destination} has been made meanwhile; delete it first, or choose another name"
            ) from taken


@contextmanager
def unfinished_folder(parent: Path) -> Iterator[Path]:
    """Make a hidden folder in ``parent``; whatever is left of it at the end is removed.

    It is locked until then, so that one whose process died can be told from one in use.

    Raises:
        StorageError: The folder cannot be made.
    """
    with storage_errors(parent):
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED_PREFIX, dir=parent))
        folder.chmod(0o755)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_unfinished(parent: Path, *, made_before: float) -> None:
    """Delete the hidden folders of processes that died.

    Args:
        parent: Where the folders are.
        made_before: Younger ones are left alone, in seconds since the epoch; they may not be
            locked yet.
    """
    for folder in abandoned_folders(parent, made_before=made_before):
        shutil.rmtree(folder, ignore_errors=True)


def abandoned_folders(parent: Path, *, made_before: float) -> list[Path]:
    """List the hidden folders that no process works in any more; see :func:`remove_unfinished`."""
    found = []
    for folder in parent.glob(f"{UNFINISHED_PREFIX}*"):
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if folder.stat().st_mtime < made_before:
                found.append(folder)
        except (BlockingIOError, FileNotFoundError):
            continue  # somebody works in it, or has just finished
        finally:
            os.close(lock)
    return found


def remove_folder(folder: Path) -> None:
    """Delete a folder; no listing ever sees it half deleted, and one that is gone stays so.

    Raises:
        StorageError: It cannot be deleted, and is as it was.
    """
    with (
        unfinished_folder(folder.parent) as grave,
        storage_errors(folder),
        suppress(FileNotFoundError),
    ):
        folder.rename(grave / folder.name)


def size_of_folder(folder: Path) -> int:
    """Add up the bytes of the files below a folder, which may be missing."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def storage_errors(place: Path) -> Iterator[None]:
    """Turn a refusal of the disk into a :class:`StorageError` that names the place."""
    try:
        yield
    except OSError as refusal:
        raise StorageError(
            f"cannot write {place}: {refusal.strerror or refusal}; nothing half-written is left, "
            "so free some space there, check the permissions or choose another MODELFOUNDRY_HOME, "
            "and try again"
        ) from refusal


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def replace_durably(path: Path, content: bytes) -> None:
    """Write a file in place of an older one, which stays whole until the new one is."""
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        write_durably(unfinished, content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


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


def move_to_new_place(folder: Path, target: Path) -> None:
    """Give a finished folder a name in one step, unless another has it.

    Raises:
        FileExistsError: There is a folder of that name with something in it.
    """
    _sync_folder(folder)
    try:
        folder.rename(target)
    except OSError as refusal:
        if refusal.errno == errno.ENOTEMPTY:
            raise FileExistsError(refusal.errno, refusal.strerror, str(target)) from refusal
        raise
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

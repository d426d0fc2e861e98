"""Write folders whole or not at all, and tell whether a file is still the same."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelfoundry.errors import InvalidInputError, StorageError

NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
UNFINISHED_PREFIX = ".unfinished-"


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
            f"{name!r} cannot name a {kind}; use up to 64 lower-case letters, digits, '.', '_' "
            "and '-', starting with a letter or digit",
        )
    if any((folder / name).exists() for folder in taken_in):
        raise InvalidInputError.of(
            "/name", f"a {kind} named {name!r} is already here; choose another name"
        )


@contextmanager
def whole_folder(destination: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes ``destination`` when the block ends well.

    If the block raises, or the process dies, ``destination`` does not appear.

    Raises:
        StorageError: Something could not be written, or ``destination`` has appeared meanwhile.
    """
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED_PREFIX, dir=destination.parent))
        try:
            unfinished.chmod(0o755)
            yield unfinished
            unfinished.rename(destination)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise StorageError(
            f"could not write {destination}: {error.strerror or error}; nothing was left behind, "
            "so free some space or check the permissions and try again"
        ) from error

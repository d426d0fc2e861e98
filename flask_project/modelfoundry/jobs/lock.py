"""Make sure that one data folder has one server."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelfoundry.errors import AlreadyRunningError, StorageError
from modelfoundry.settings import Home


@contextmanager
def server_lock(home: Home) -> Iterator[int]:
    """Hold a data folder; yield the descriptor, which every forked process must close.

    The system gives the lock back when the process ends, however it ends.

    Raises:
        AlreadyRunningError: Another server holds it.
        StorageError: The folder cannot be written.
    """
    path = home.root / "server.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StorageError(
            f"cannot write the data folder {home.root}: {error.strerror}; choose another one with "
            "MODELFOUNDRY_HOME"
        ) from error
    try:
        _take(descriptor, path)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        pid = os.read(descriptor, 20).decode() or "unknown"
        raise AlreadyRunningError(
            f"another server (process {pid}) uses the data folder {path.parent}; stop it, or "
            "choose another folder with MODELFOUNDRY_HOME"
        ) from error
    os.truncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())

"""Make sure that one data folder has one server and one runner."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from modelfoundry.errors import AlreadyRunningError, StorageError
from modelfoundry.settings import Home

RETRY_S = 0.1


@contextmanager
def only_one(home: Home, role: Literal["server", "runner"], *, wait_s: float = 0) -> Iterator[int]:
    """Hold a role in a data folder; yield the lock, which every forked process must close.

    The system gives the lock back when the process ends, however it ends.

    Args:
        home: The data folder.
        role: What there may be only one of.
        wait_s: How long to wait for another holder to end.

    Raises:
        AlreadyRunningError: Another process has the role.
        StorageError: The folder cannot be written.
    """
    path = home.root / f"{role}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StorageError(
            f"cannot write the data folder {home.root}: {error.strerror}; choose another one with "
            "MODELFOUNDRY_HOME"
        ) from error
    try:
        give_up_at = time.monotonic() + wait_s
        while not _take(descriptor):
            if time.monotonic() >= give_up_at:
                pid = os.pread(descriptor, 20, 0).decode() or "unknown"
                raise AlreadyRunningError(
                    f"another {role} (process {pid}) uses the data folder {home.root}; stop it, "
                    "or choose another folder with MODELFOUNDRY_HOME"
                )
            time.sleep(RETRY_S)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

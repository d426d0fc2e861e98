"""The installation itself: what it runs on, and what it keeps on disk."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from modelfoundry import __version__
from modelfoundry.errors import StorageError, UnknownNameError
from modelfoundry.jobs.devices import gpu_names
from modelfoundry.jobs.store import JobStore
from modelfoundry.settings import Home

KEPT = ("datasets", "models", "modules", "jobs", "downloads", "evaluations")
CLEANABLE = ("downloads", "jobs")


@dataclass(frozen=True)
class Folder:
    """One folder of the data folder; ``freeable_bytes`` is what a clean-up would free."""

    name: str
    size_bytes: int
    freeable_bytes: int


@dataclass(frozen=True)
class System:
    """What the server runs on; ``free_bytes`` is what its disk has left."""

    version: str
    gpus: list[str]
    processors: int
    memory_bytes: int
    home: str
    free_bytes: int
    folders: list[Folder]


class SystemService:
    """The use cases around the installation."""

    def __init__(self, home: Home, jobs: JobStore) -> None:
        self._home = home
        self._jobs = jobs

    def describe(self) -> System:
        """Tell what there is; takes as long as it takes to list the data folder."""
        return System(
            version=__version__,
            gpus=gpu_names(),
            processors=psutil.cpu_count() or 1,
            memory_bytes=psutil.virtual_memory().total,
            home=str(self._home.root),
            free_bytes=shutil.disk_usage(self._home.root).free,
            folders=[self._folder(name) for name in KEPT],
        )

    def clean_up(self, name: str) -> int:
        """Delete what can be had again: published files, or checkpoints of jobs that have ended.

        A failed or cancelled job that is retried afterwards begins anew.

        Args:
            name: ``downloads`` or ``jobs``.

        Returns:
            The bytes that were freed.

        Raises:
            UnknownNameError: There is nothing of that name to clean up.
            StorageError: Something cannot be deleted.
        """
        if name not in CLEANABLE:
            raise UnknownNameError("folder to clean up", name, CLEANABLE)
        freed = 0
        for path in self._freeable(name):
            size = _size(path)
            try:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            except OSError as error:
                raise StorageError(f"cannot delete {path}: {error.strerror}") from error
            freed += size
        return freed

    def _folder(self, name: str) -> Folder:
        freeable = sum(map(_size, self._freeable(name)))
        return Folder(name, _size(self._home.root / name), freeable)

    def _freeable(self, name: str) -> list[Path]:
        if name not in CLEANABLE or not (self._home.root / name).is_dir():
            return []
        found = sorted((self._home.root / name).iterdir())
        return found if name == "downloads" else [path for path in found if self._has_ended(path)]

    def _has_ended(self, folder: Path) -> bool:
        try:
            state = self._jobs.get(folder.name).state
        except UnknownNameError:
            return False
        return state in ("succeeded", "failed", "cancelled")


def _size(path: Path) -> int:
    """Add up the files under a path; what vanishes meanwhile counts nothing."""
    files: Iterable[Path] = [path] if path.is_file() else path.rglob("*")
    return sum(file.lstat().st_size for file in files if file.is_file())

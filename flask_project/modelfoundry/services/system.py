"""The installation itself: what it runs on, and what it keeps on disk."""

import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil

from modelfoundry import __version__
from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.devices import gpu_names
from modelfoundry.jobs.model import State, utc_now
from modelfoundry.jobs.old_events import OldEvents
from modelfoundry.jobs.store import JobStore
from modelfoundry.services.kept_networks import unneeded_networks
from modelfoundry.services.uploads import UploadService
from modelfoundry.settings import Home
from modelfoundry.storage import abandoned_folders, remove_folder, storage_errors

FOLDERS = (
    "datasets",
    "models",
    "modules",
    "networks",
    "evaluations",
    "jobs",
    "downloads",
    "uploads",
)
CLEANABLE = ("jobs", "downloads", "networks", "uploads", "logs", "leftovers")
PARENTS = ("datasets", "models", "modules", "networks", "uploads")
LOGS_KEPT = timedelta(days=30)
A_MOMENT_S = 60
MOST_NAMED = 20


@dataclass(frozen=True)
class Freeable:
    """Something that a clean-up would delete."""

    name: str
    size_bytes: int


@dataclass(frozen=True)
class Folder:
    """One kind of what is kept.

    Most are folders of the data folder; ``logs`` are in the database, and ``leftovers`` are what
    processes that died have left anywhere.

    Attributes:
        freeable_bytes: What a clean-up would free.
        freeable: The largest of what it would delete.
    """

    name: str
    size_bytes: int
    freeable_bytes: int
    freeable: tuple[Freeable, ...] = ()


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

    def __init__(
        self, home: Home, jobs: JobStore, old_events: OldEvents, uploads: UploadService
    ) -> None:
        self._home = home
        self._jobs = jobs
        self._old_events = old_events
        self._uploads = uploads

    def describe(self) -> System:
        """Tell what there is; takes as long as it takes to list the data folder."""
        leftovers = self._with_freeable("leftovers")
        return System(
            version=__version__,
            gpus=gpu_names(),
            processors=psutil.cpu_count() or 1,
            memory_bytes=psutil.virtual_memory().total,
            home=str(self._home.root),
            free_bytes=shutil.disk_usage(self._home.root).free,
            folders=[*map(self._folder, FOLDERS), self._logs(), leftovers],
        )

    def clean_up(self, name: str) -> int:
        """Delete what can be had again, or what nobody needs any more.

        Args:
            name: ``downloads``: published files. ``jobs``: checkpoints of jobs that have ended;
                such a job that is retried begins anew. ``networks``: whole networks that no module
                is compared with any more. ``uploads``: files that nobody has gone on with for an
                hour. ``logs``: what jobs have logged that ended more than 30 days ago.
                ``leftovers``: unfinished folders of processes that died, and checkpoints of jobs
                that nobody knows.

        Returns:
            The bytes that were freed.

        Raises:
            UnknownNameError: There is nothing of that name to clean up.
            StorageError: Something cannot be deleted.
        """
        if name not in CLEANABLE:
            raise UnknownNameError("folder to clean up", name, CLEANABLE)
        if name == "logs":
            freed = self._logs().freeable_bytes
            self._old_events.forget(ended_before=utc_now() - LOGS_KEPT)
            return freed
        freed = 0
        for path in self._freeable(name):
            size = _size(path)
            if path.is_dir():
                remove_folder(path)
            else:
                with storage_errors(path):
                    path.unlink(missing_ok=True)
            freed += size
        return freed

    def _folder(self, name: str) -> Folder:
        return self._with_freeable(name, _size(self._home.root / name))

    def _with_freeable(self, name: str, size_bytes: int | None = None) -> Folder:
        """Describe a kind that is as large as given, or else as what can be freed of it."""
        items = [Freeable(said, _size(path)) for path, said in self._freeable(name).items()]
        freeable_bytes = sum(item.size_bytes for item in items)
        largest = sorted(items, key=lambda item: -item.size_bytes)[:MOST_NAMED]
        size = freeable_bytes if size_bytes is None else size_bytes
        return Folder(name, size, freeable_bytes, tuple(largest))

    def _logs(self) -> Folder:
        size_bytes = _size(self._home.root / "modelfoundry.db")
        old_bytes = self._old_events.size_bytes(ended_before=utc_now() - LOGS_KEPT)
        return Folder("logs", size_bytes, old_bytes)

    def _freeable(self, name: str) -> dict[Path, str]:
        """Say what a clean-up would delete, by its path."""
        match name:
            case "downloads":
                return _by_name(sorted(self._home.downloads.glob("*")))
            case "jobs":
                return _by_name(path for path in self._checkpoints() if self._has_ended(path))
            case "networks":
                return unneeded_networks(self._home, self._jobs)
            case "uploads":
                return self._uploads.abandoned()
            case "leftovers":
                return _by_name(self._left_over())
            case _:
                return {}

    def _left_over(self) -> Iterator[Path]:
        yield from (path for path in self._checkpoints() if self._state(path) is None)
        # Whoever works in one holds a lock on it, but for a moment at its beginning.
        before = time.time() - A_MOMENT_S
        for parent in PARENTS:
            yield from abandoned_folders(self._home.root / parent, made_before=before)

    def _checkpoints(self) -> list[Path]:
        return sorted(self._home.jobs.glob("*"))

    def _has_ended(self, folder: Path) -> bool:
        return self._state(folder) in ("succeeded", "failed", "cancelled")

    def _state(self, folder: Path) -> State | None:
        """Tell the state of the job that a checkpoint belongs to; None if there is no such job."""
        try:
            return self._jobs.get(folder.name).state
        except UnknownNameError:
            return None


def _by_name(paths: Iterable[Path]) -> dict[Path, str]:
    return {path: path.name for path in paths}


def _size(path: Path) -> int:
    """Add up the files under a path; what vanishes meanwhile counts nothing."""
    files: Iterable[Path] = [path] if path.is_file() else path.rglob("*")
    return sum(file.lstat().st_size for file in files if file.is_file())

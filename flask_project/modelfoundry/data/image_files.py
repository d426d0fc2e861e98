"""The image files in a folder or a ``.zip``, by their paths; no pixel is read here."""

import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from modelfoundry.archives import open_zip
from modelfoundry.data.images import FileProblem
from modelfoundry.errors import UnreadableFileError

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm"}
ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".7z", ".rar"}
# What systems leave in folders by themselves; nobody means it by what he gives us.
LEFT_BY_SYSTEMS = ("__MACOSX", "Thumbs.db", "desktop.ini")
MAX_FILES = 250_000  # in a .zip; of a folder there may be any number
MAX_FILE_BYTES = 64 * 2**20
MAX_UNPACKED_BYTES = 16 * 2**30
MAX_COMPRESSION = 100


@dataclass(frozen=True)
class ImageFile:
    """Where an image lies below the folder or archive given, and how to get its bytes."""

    path: str
    read: Callable[[], bytes]

    @property
    def folders(self) -> list[str]:
        """The names of the folders it lies in, from the outside in."""
        return _parts(self.path)[:-1]


@dataclass(frozen=True)
class FoundFiles:
    """What a folder or archive holds: its image files in order of their paths, and the others."""

    images: list[ImageFile]
    problems: list[FileProblem]


@contextmanager
def open_image_files(source: Path) -> Iterator[FoundFiles]:
    """List the files of a folder or ``.zip``.

    Hidden files, and those that systems leave behind, are passed over. The members of an archive
    are read where they are, so that no path in it can lead anywhere.

    Raises:
        UnreadableFileError: ``source`` is neither, is truncated, or unpacks to far too much.
    """
    if source.is_dir():
        found = FoundFiles([], [])
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            place = path.relative_to(source).as_posix()
            problem = _problem(place, size_bytes=path.stat().st_size)
            _add(found, ImageFile(place, path.read_bytes), problem)
        yield found
        return
    with open_zip(
        source, max_entries=MAX_FILES, otherwise="neither a folder nor a .zip"
    ) as archive:
        _check_archive(source.name, archive)
        found = FoundFiles([], [])
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if not member.is_dir():
                place = member.filename.replace("\\", "/")  # as some tools pack
                problem = _member_problem(place, member)
                _add(found, ImageFile(place, partial(archive.read, member)), problem)
        yield found


def _add(found: FoundFiles, file: ImageFile, problem: str | None) -> None:
    """Put a file where it belongs (changes ``found``); what nobody means is dropped."""
    if any(
        part in LEFT_BY_SYSTEMS or (part[0] == "." and part != "..") for part in _parts(file.path)
    ):
        return
    if problem:
        found.problems.append(FileProblem(file.path, problem))
    else:
        found.images.append(file)


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]


def _member_problem(place: str, member: zipfile.ZipInfo) -> str | None:
    if place.startswith("/") or ".." in _parts(place):
        return "its path leads out of the archive"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a link, and links are not followed"
    return _problem(place, size_bytes=member.file_size)


def _problem(place: str, *, size_bytes: int) -> str | None:
    suffix = "." + place.rpartition(".")[2].lower()
    if suffix in ARCHIVES:
        return "an archive inside is not opened; unpack it first"
    if suffix not in SUFFIXES:
        return f"no kind of image that is read: {', '.join(sorted(SUFFIXES))}"
    if size_bytes > MAX_FILE_BYTES:
        return f"{size_bytes:,} bytes; at most {MAX_FILE_BYTES:,} are read"
    return None


def _check_archive(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse an archive made to fill the memory, before anything of it is unpacked."""
    members = archive.infolist()
    unpacked_bytes = sum(member.file_size for member in members)
    packed_bytes = sum(member.compress_size for member in members)
    if unpacked_bytes > MAX_UNPACKED_BYTES:
        raise UnreadableFileError(
            f"{name} holds {unpacked_bytes:,} bytes; at most {MAX_UNPACKED_BYTES:,} are read"
        )
    if unpacked_bytes > MAX_COMPRESSION * packed_bytes:
        raise UnreadableFileError(
            f"{name} unpacks to more than {MAX_COMPRESSION} times its size, which images never "
            "do; pack the image files again"
        )

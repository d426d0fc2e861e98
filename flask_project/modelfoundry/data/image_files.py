"""The image files in a folder or a ``.zip``, by their paths; no pixel is read here."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from modelfoundry.errors import UnreadableFileError

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm"}
MAX_FILES = 1_000_000
MAX_FILE_BYTES = 64 * 2**20
MAX_UNPACKED_BYTES = 16 * 2**30
MAX_COMPRESSION = 100


@dataclass(frozen=True)
class ImageFile:
    """Where an image lies below the folder or archive given, and how to get its bytes."""

    path: PurePosixPath
    read: Callable[[], bytes]


@contextmanager
def open_image_files(source: Path) -> Iterator[list[ImageFile]]:
    """List the image files of a folder or ``.zip``, in order of their paths.

    Hidden files and those that are no images by their suffix are passed over. The members of an
    archive are read where they are, so that no path in it can lead anywhere.

    Raises:
        UnreadableFileError: ``source`` is neither, is truncated, or unpacks to far too much.
    """
    if source.is_dir():
        paths = (path for path in source.rglob("*") if path.is_file())
        by_path = {PurePosixPath(path.relative_to(source)): path.read_bytes for path in paths}
        yield _only_images(by_path)
        return
    if not zipfile.is_zipfile(source):
        raise UnreadableFileError(f"{source.name} is truncated, or neither a folder nor a .zip")
    with zipfile.ZipFile(source) as archive:
        _check_archive(source.name, archive)
        yield _only_images(
            {PurePosixPath(name): partial(archive.read, name) for name in archive.namelist()}
        )


def _only_images(readers: dict[PurePosixPath, Callable[[], bytes]]) -> list[ImageFile]:
    return [
        ImageFile(path, readers[path])
        for path in sorted(readers)
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith((".", "__MACOSX")) for part in path.parts)
    ]


def _check_archive(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse an archive made to fill the memory, before anything of it is unpacked."""
    members = archive.infolist()
    unpacked_bytes = sum(member.file_size for member in members)
    packed_bytes = sum(member.compress_size for member in members)
    largest_bytes = max((member.file_size for member in members), default=0)
    if (
        len(members) > MAX_FILES
        or largest_bytes > MAX_FILE_BYTES
        or unpacked_bytes > MAX_UNPACKED_BYTES
    ):
        raise UnreadableFileError(
            f"{name} holds {len(members):,} files of {unpacked_bytes:,} bytes, the largest of "
            f"{largest_bytes:,}; at most {MAX_FILES:,} files, {MAX_UNPACKED_BYTES:,} bytes, and "
            f"{MAX_FILE_BYTES:,} a file are read"
        )
    if unpacked_bytes > MAX_COMPRESSION * packed_bytes:
        raise UnreadableFileError(
            f"{name} unpacks to more than {MAX_COMPRESSION} times its size, which images never "
            "do; pack the image files again"
        )

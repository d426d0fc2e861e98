"""Open ``.zip`` files of strangers."""

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelfoundry.errors import UnreadableFileError

# The record at the end of a zip, and the one of zips with many or large files: where in them the
# number of entries begins, and how it and the size of their list follow each other.
END, END_64 = b"PK\x05\x06", b"PK\x06\x06"
COUNT_AT, COUNT_AT_64 = 10, 32
COUNT_AND_SIZE, COUNT_AND_SIZE_64 = struct.Struct("<HL"), struct.Struct("<QQ")
IN_THE_OTHER_RECORD = (0xFFFF, 0xFFFFFFFF)
TAIL_BYTES = 2**16 + 128  # a comment as long as it can be, and both records
MAX_BYTES_LISTED = 1024  # for an entry, on average: it has some 50 bytes and its path


@contextmanager
def open_zip(file: Path, *, max_entries: int, otherwise: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip to read, unless it lists far more than is read.

    That is told from its last bytes: to read a list of a million entries takes a minute.

    Args:
        file: Of a stranger.
        max_entries: The most files that it may hold.
        otherwise: What to call it if it is no zip, such as ``"no .npz file"``.

    Raises:
        UnreadableFileError: It is no zip, is damaged, or lists too much.
    """
    if not zipfile.is_zipfile(file):
        raise UnreadableFileError(f"{file.name} is truncated, or {otherwise}")
    claimed, size_bytes = _listed(file)
    if claimed > max_entries or size_bytes > max_entries * MAX_BYTES_LISTED:
        raise UnreadableFileError(
            f"{file.name} lists {claimed:,} files in {size_bytes:,} bytes; at most "
            f"{max_entries:,} files are read"
        )
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError) as damage:
        raise UnreadableFileError(f"{file.name} is damaged: {damage}; get it again") from damage
    with archive:
        if len(archive.namelist()) > max_entries:
            raise UnreadableFileError(f"{file.name} lists more files than it claims; pack it again")
        yield archive


def _listed(file: Path) -> tuple[int, int]:
    """Read how many entries a zip claims to list, and in how many bytes."""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - TAIL_BYTES))
        tail = stream.read()
    claims = [
        form.unpack_from(tail.ljust(at + offset + form.size), at + offset)
        for signature, offset, form in (
            (END, COUNT_AT, COUNT_AND_SIZE),
            (END_64, COUNT_AT_64, COUNT_AND_SIZE_64),
        )
        if (at := tail.rfind(signature)) >= 0
    ]
    counts, sizes = zip(*claims, strict=True)
    return _largest(counts), _largest(sizes)


def _largest(claims: tuple[int, ...]) -> int:
    return max((claim for claim in claims if claim not in IN_THE_OTHER_RECORD), default=0)

"""Fetch a published file once, and make sure that it is the one."""

import os
from pathlib import Path

import httpx

from modelfoundry.errors import DownloadError, UnreadableFileError
from modelfoundry.storage import sha256_of_file, storage_errors

TIMEOUT_S = 30
CHUNK_BYTES = 2**20


def fetch(url: str, destination: Path, *, sha256_start: str) -> Path:
    """Download a file, unless it is there already, and check it.

    Args:
        url: Where it is; followed wherever the server sends us.
        destination: Where it is put; a file that a person has put there is taken as well.
        sha256_start: The first digits of its hash; empty if they are not known.

    Returns:
        ``destination``.

    Raises:
        DownloadError: The network or the server failed; says which file to put where instead.
        UnreadableFileError: The file, downloaded or found, has another hash.
        StorageError: The disk is full or cannot be written.
    """
    if not destination.exists():
        _download(url, destination, sha256_start=sha256_start)
    found = sha256_of_file(destination)
    if not found.startswith(sha256_start):
        raise UnreadableFileError(
            f"{destination} is not the file that was published: its sha256 is {found}, it should "
            f"begin with {sha256_start}; delete it and try again"
        )
    return destination


def _download(url: str, destination: Path, *, sha256_start: str) -> None:
    partial = destination.with_name(f"{destination.name}.{os.getpid()}.part")
    with storage_errors(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
        try:
            with (
                httpx.stream("GET", url, follow_redirects=True, timeout=TIMEOUT_S) as response,
                partial.open("wb") as file,
            ):
                response.raise_for_status()
                for chunk in response.iter_bytes(CHUNK_BYTES):
                    file.write(chunk)
            partial.rename(destination)
        except httpx.HTTPError as error:
            digits = f" (its sha256 begins with {sha256_start})" if sha256_start else ""
            raise DownloadError(
                f"could not download {url} ({error}); try again, or get that file{digits} another "
                f"way, put it at {destination}, and run the same command"
            ) from error
        finally:
            partial.unlink(missing_ok=True)

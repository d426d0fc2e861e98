"""Fetch a file so that what was lost on the way is not fetched twice, and is noticed."""

import hashlib
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx

from modelfoundry.client.connection import ProblemError, raise_for_problem

Send = Callable[[httpx.Request], httpx.Response]
PIECE_BYTES = 2**20


def fetch(send: Send, request: httpx.Request, destination: Path) -> Path:
    """Save what a request is answered with; the answer's ETag is the sha256 of the whole file.

    What is there when the connection is lost stays beside the destination as
    ``<name>.<sha256>.part``, and the next call asks for the rest of it.

    Args:
        send: Sends a request and returns the answer before its content was read.
        request: For the whole file; headers are added to it.

    Raises:
        ProblemError: The server refused, or the file was damaged on the way; nothing is left.
        httpx.TransportError: The connection was lost.
        OSError: The file cannot be written there.
    """
    destination.parent.stat()  # a folder that is not there is noticed before anything is sent
    begun = next(destination.parent.glob(f"{destination.name}.*.part"), None)
    if begun is not None:
        sha256 = begun.name.removesuffix(".part").rpartition(".")[2]
        request.headers["Range"] = f"bytes={begun.stat().st_size}-"
        request.headers["If-Range"] = f'"{sha256}"'
    with closing(send(request)) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and begun:
            return _completed(begun, destination)
        raise_for_problem(answer)
        goes_on = answer.status_code == httpx.codes.PARTIAL_CONTENT
        if begun is not None and not goes_on:
            begun.unlink()  # of a file that is no longer the same
        sha256 = answer.headers["ETag"].strip('"')
        partial = destination.with_name(f"{destination.name}.{sha256}.part")
        with partial.open("ab" if goes_on else "wb") as file:
            for chunk in answer.iter_bytes():
                file.write(chunk)
    return _completed(partial, destination)


def sha256_of(path: Path | zipfile.Path) -> str:
    """Hash a file, or one in a zip."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _completed(partial: Path, destination: Path) -> Path:
    if f"{destination.name}.{sha256_of(partial)}.part" != partial.name:
        partial.unlink()
        raise ProblemError(f"{destination.name} was damaged on the way; download it again")
    return partial.replace(destination)

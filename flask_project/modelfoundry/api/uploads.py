"""Keep an upload apart until it was checked, and delete it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import Field
from werkzeug.datastructures import FileStorage

from modelfoundry.api.context import services
from modelfoundry.errors import InvalidInputError, StorageError
from modelfoundry.storage import unfinished_folder

UPLOAD_FIELD = Field(
    default=None, description="Id of an upload that came in pieces, instead of a file."
)

LONGEST_NAME = 60  # characters of up to 4 bytes; a file system takes 255

UPLOAD_RESPONSES: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such upload."},
    409: {"description": "A part of the upload is missing, or the name was taken meanwhile."},
}


@contextmanager
def received(file: FileStorage | None, upload: str | None) -> Iterator[Path]:
    """Yield the path of what was sent: with the request, or before it in pieces.

    An upload that came in pieces is deleted if the block ends well, and else stays, so that a form
    can be sent again.

    Raises:
        InvalidInputError: Neither was given, or both.
        UnknownNameError: There is no such upload.
        WrongStateError: A part of the upload is missing.
        StorageError: The disk is full.
    """
    if (file is None) == (upload is None):
        raise InvalidInputError.of("/file", "send either a file or the id of an upload")
    if upload is not None:
        yield services().uploads.complete(upload)
        services().uploads.cancel(upload)
    elif file is not None:
        with _quarantined(file) as path:
            yield path


@contextmanager
def _quarantined(upload: FileStorage) -> Iterator[Path]:
    """Yield the path of an uploaded file, under its own name as far as a file can have it."""
    name = _file_name(upload.filename or "")
    if not name:
        raise InvalidInputError.of("/file", "no file was chosen; choose one to upload")
    quarantine = services().settings.home.uploads
    try:
        with unfinished_folder(quarantine) as folder:
            upload.save(folder / name)
            yield folder / name
    except OSError as error:
        raise StorageError(
            f"could not keep the upload: {error.strerror or error}; free some space and try again"
        ) from error


def _file_name(given: str) -> str:
    """Keep the end of a name, which tells the kind, without folders and what cannot be seen."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, last))[-LONGEST_NAME:].lstrip(". ")

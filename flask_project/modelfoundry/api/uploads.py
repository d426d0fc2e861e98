"""Keep an upload apart until it was checked, and delete it afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from modelfoundry.api.context import services
from modelfoundry.errors import InvalidInputError, StorageError
from modelfoundry.storage import unfinished_folder


@contextmanager
def quarantined(upload: FileStorage) -> Iterator[Path]:
    """Yield the path of an uploaded file, under a name that is safe on any file system.

    Raises:
        InvalidInputError: No file was chosen.
        StorageError: The disk is full.
    """
    name = secure_filename(upload.filename or "")
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

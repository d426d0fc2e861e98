"""Take large files in pieces, so that an upload that broke off goes on where it was.

An upload is a folder in the home's quarantine: what was announced of it, and the bytes so far.
None outlives the server, nor a day without a new piece.
"""

import fcntl
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.errors import (
    InvalidInputError,
    StorageError,
    TooLargeError,
    UnknownNameError,
    WrongStateError,
    quoted,
)
from modelfoundry.settings import MEBIBYTE, Home
from modelfoundry.storage import NAME_PATTERN, storage_errors

PREFIX = "upload-"
FACTS_FILE = ".facts.json"
COPY_BYTES = MEBIBYTE
MAX_NAME_BYTES = 200
FORGOTTEN_AFTER_S = 24 * 3600
ABANDONED_AFTER_S = 3600
FILE_NAME = r"^[^/\\\x00-\x1f]{1,200}$"
FILE_NAME_FORM = "use 1 to 200 characters, without slashes and control characters"


class NewUpload(BaseModel):
    """A file that will follow in pieces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=FILE_NAME, description="Of the file, without folders.")
    size_bytes: int = Field(ge=1)


class Upload(NewUpload):
    """A file that is coming in; ``received_bytes`` is where the next piece begins."""

    id: str
    received_bytes: int

    @property
    def is_complete(self) -> bool:
        """Tell whether all of the file is here."""
        return self.received_bytes == self.size_bytes


class UploadService:
    """The use cases around files that come in pieces."""

    def __init__(self, home: Home, *, limit_bytes: int) -> None:
        """Prepare to take uploads of at most ``limit_bytes`` each."""
        self._folder = home.uploads
        self._limit_bytes = limit_bytes

    def begin(self, new: NewUpload) -> Upload:
        """Make room for a file.

        Raises:
            InvalidInputError: The name begins with a dot or is too long for a file.
            TooLargeError: It is larger than is accepted.
            StorageError: The disk has no room for it.
        """
        if new.name.startswith(".") or len(new.name.encode()) > MAX_NAME_BYTES:
            raise InvalidInputError.of(
                "/name", f"{quoted(new.name)} begins with a dot or is too long; rename the file"
            )
        if new.size_bytes > self._limit_bytes:
            raise TooLargeError(
                f"{new.name} has {new.size_bytes:,} bytes; at most {self._limit_bytes:,} are taken "
                "(MODELFOUNDRY_UPLOAD_LIMIT_MB), or import it on the server with: modelfoundry "
                "data import NAME FILE"
            )
        self._forget(FORGOTTEN_AFTER_S)
        folder = self._folder / f"{PREFIX}{uuid4().hex}"
        with storage_errors(folder):
            folder.mkdir(parents=True)
            if shutil.disk_usage(folder).free < new.size_bytes:
                folder.rmdir()
                raise StorageError(
                    f"the disk has no room for the {new.size_bytes:,} bytes of {new.name}; free "
                    "some and try again"
                )
            (folder / FACTS_FILE).write_text(new.model_dump_json())
            (folder / new.name).touch()
        return self.find(folder.name)

    def find(self, upload_id: str) -> Upload:
        """Tell how far an upload has come; raises ``UnknownNameError``."""
        facts = self._folder / upload_id / FACTS_FILE
        if not (upload_id.startswith(PREFIX) and NAME_PATTERN.fullmatch(upload_id)):
            raise UnknownNameError("upload", upload_id)
        try:
            new = NewUpload.model_validate_json(facts.read_bytes())
            received_bytes = (facts.parent / new.name).stat().st_size
        except FileNotFoundError as error:
            raise UnknownNameError("upload", upload_id) from error
        return Upload(**new.model_dump(), id=upload_id, received_bytes=received_bytes)

    def add(self, upload_id: str, piece: IO[bytes], *, offset: int) -> Upload:
        """Append a piece; whatever of it arrives is kept.

        Args:
            upload_id: As given by :meth:`begin`.
            piece: Read to its end.
            offset: Where the piece begins in the file.

        Raises:
            UnknownNameError: There is no such upload.
            WrongStateError: The upload ends elsewhere, or another piece is just coming in.
            TooLargeError: The piece goes beyond the announced size.
            StorageError: The disk is full.
        """
        upload = self.find(upload_id)
        path = self.path(upload)
        with storage_errors(path), path.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise WrongStateError(
                    f"another piece of {upload.name} is just coming in; ask how far it is and go on"
                ) from error
            received = os.fstat(file.fileno()).st_size
            if offset != received:
                raise WrongStateError(
                    f"{received:,} bytes of {upload.name} are here, the piece begins at "
                    f"{offset:,}; go on at {received}"
                )
            while content := piece.read(COPY_BYTES):
                received += len(content)
                if received > upload.size_bytes:
                    raise TooLargeError(
                        f"the pieces of {upload.name} are longer than the {upload.size_bytes:,} "
                        "bytes announced; begin a new upload"
                    )
                file.write(content)
        return self.find(upload_id)

    def complete(self, upload_id: str) -> Path:
        """Return where the whole file is.

        Raises:
            UnknownNameError: There is no such upload.
            WrongStateError: A part of it is missing.
        """
        upload = self.find(upload_id)
        (self._folder / upload.id / FACTS_FILE).touch()  # whoever reads it now is not abandoned
        if not upload.is_complete:
            raise WrongStateError(
                f"{upload.received_bytes:,} of {upload.size_bytes:,} bytes of {upload.name} are "
                "here; send the rest first"
            )
        return self.path(upload)

    def cancel(self, upload_id: str) -> None:
        """Delete an upload and what has come of it; raises ``UnknownNameError``."""
        shutil.rmtree(self._folder / self.find(upload_id).id, ignore_errors=True)

    def path(self, upload: Upload) -> Path:
        """Locate the bytes of an upload that was found."""
        return self._folder / upload.id / upload.name

    def forget_all(self) -> None:
        """Delete every upload, as when a server starts: nobody goes on with them."""
        self._forget(0)

    def abandoned(self) -> dict[Path, str]:
        """Name the files of uploads that nobody has touched for an hour, by their folders."""
        named = {}
        for folder in self._untouched_for(ABANDONED_AFTER_S):
            with suppress(UnknownNameError):  # gone meanwhile
                named[folder] = self.find(folder.name).name
        return named

    def _forget(self, after_s: float) -> None:
        for folder in self._untouched_for(after_s):
            shutil.rmtree(folder, ignore_errors=True)

    def _untouched_for(self, seconds: float) -> list[Path]:
        before = time.time() - seconds
        found = []
        for folder in self._folder.glob(f"{PREFIX}*"):
            with suppress(FileNotFoundError):  # gone meanwhile
                if _last_change(folder) <= before:
                    found.append(folder)
        return found


def _last_change(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))

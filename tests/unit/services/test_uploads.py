import io
import os
import shutil
from pathlib import Path

import pytest

from modelfoundry.errors import (
    InvalidInputError,
    StorageError,
    TooLargeError,
    UnknownNameError,
    WrongStateError,
)
from modelfoundry.services.uploads import NewUpload, Upload, UploadService
from modelfoundry.settings import Home

A_DAY_S = 24 * 3600


@pytest.fixture
def uploads(home: Home) -> UploadService:
    return UploadService(home, limit_bytes=100)


@pytest.fixture
def upload(uploads: UploadService) -> Upload:
    """A file of six bytes of which none is here."""
    return uploads.begin(NewUpload(name="pets.zip", size_bytes=6))


def test_a_file_comes_in_pieces(uploads: UploadService, upload: Upload):
    assert uploads.add(upload.id, io.BytesIO(b"abcd"), offset=0).received_bytes == 4
    whole = uploads.add(upload.id, io.BytesIO(b"ef"), offset=4)

    assert whole.is_complete
    assert uploads.complete(upload.id).read_bytes() == b"abcdef"
    assert uploads.complete(upload.id).name == "pets.zip"


def test_a_piece_that_belongs_elsewhere_is_refused_saying_where_to_go_on(
    uploads: UploadService, upload: Upload
):
    uploads.add(upload.id, io.BytesIO(b"abcd"), offset=0)

    with pytest.raises(WrongStateError, match=r"4 bytes of pets\.zip are here.*go on at 4"):
        uploads.add(upload.id, io.BytesIO(b"abcd"), offset=0)

    assert uploads.find(upload.id).received_bytes == 4


def test_what_arrives_of_a_piece_that_breaks_off_is_kept(uploads: UploadService, upload: Upload):
    class BreaksOff(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:  # noqa: ARG002 - as files have it
            content = super().read(3)
            if not content:
                raise ConnectionResetError
            return content

    with pytest.raises(StorageError):
        uploads.add(upload.id, BreaksOff(b"abc"), offset=0)

    assert uploads.find(upload.id).received_bytes == 3


def test_more_than_was_announced_is_refused(uploads: UploadService, upload: Upload):
    with pytest.raises(TooLargeError, match="longer than the 6 bytes announced"):
        uploads.add(upload.id, io.BytesIO(b"abcdefg"), offset=0)


def test_a_file_over_the_limit_is_refused_before_any_byte_is_sent(
    uploads: UploadService, home: Home
):
    with pytest.raises(TooLargeError, match="101 bytes; at most 100 are taken"):
        uploads.begin(NewUpload(name="pets.zip", size_bytes=101))
    assert not home.uploads.exists()


def test_a_file_that_the_disk_has_no_room_for_is_refused(home: Home):
    more = shutil.disk_usage("/").total * 1000
    with pytest.raises(StorageError, match="the disk has no room"):
        UploadService(home, limit_bytes=more).begin(NewUpload(name="a.zip", size_bytes=more))
    assert list(home.uploads.iterdir()) == []


def test_an_incomplete_file_cannot_be_used(uploads: UploadService, upload: Upload):
    with pytest.raises(WrongStateError, match=r"0 of 6 bytes of pets\.zip are here"):
        uploads.complete(upload.id)


def test_a_cancelled_upload_leaves_nothing(uploads: UploadService, upload: Upload, home: Home):
    uploads.cancel(upload.id)

    assert list(home.uploads.iterdir()) == []
    with pytest.raises(UnknownNameError):
        uploads.find(upload.id)


def test_uploads_that_nobody_goes_on_with_are_gone_with_the_next_one(
    uploads: UploadService, upload: Upload, home: Home
):
    for path in (home.uploads / upload.id).iterdir():
        os.utime(path, (0, path.stat().st_mtime - A_DAY_S - 1))
    os.utime(home.uploads / upload.id, (0, upload.size_bytes))

    newer = uploads.begin(NewUpload(name="b.zip", size_bytes=1))

    assert [folder.name for folder in home.uploads.iterdir()] == [newer.id]


@pytest.mark.usefixtures("upload")
def test_no_upload_outlives_the_server(uploads: UploadService, home: Home):
    (home.uploads / "other").mkdir()

    uploads.forget_all()

    assert [folder.name for folder in home.uploads.iterdir()] == ["other"]


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a\\b", "a\nb", "", "x" * 201])
def test_a_name_with_folders_is_refused(name: str):
    with pytest.raises(ValueError, match="name"):
        NewUpload(name=name, size_bytes=1)


@pytest.mark.parametrize("name", [".facts.json", "..", "\u00e9" * 150])
def test_a_name_that_cannot_be_a_file_of_its_own_is_refused(uploads: UploadService, name: str):
    with pytest.raises(InvalidInputError, match="begins with a dot or is too long"):
        uploads.begin(NewUpload(name=name, size_bytes=1))


@pytest.mark.parametrize("id_", ["..", "../models", "upload-/../..", "upload-", "upload-\x00", ""])
def test_an_id_that_was_never_given_is_unknown(uploads: UploadService, id_: str, home: Home):
    with pytest.raises(UnknownNameError):
        uploads.cancel(id_)
    assert Path(home.models / "toy").is_dir()

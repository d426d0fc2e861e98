import struct
import zipfile
from pathlib import Path

import pytest

from modelfoundry.archives import open_zip
from modelfoundry.errors import UnreadableFileError

# How the record at the end of a zip without a comment ends: the number of entries, the size of
# their list in bytes, where it begins, and the length of the comment.
LAST = struct.Struct("<HLLH")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A zip of three empty files."""
    with zipfile.ZipFile(tmp_path / "three.zip", "w") as archive:
        for name in "abc":
            archive.writestr(name, "")
    return tmp_path / "three.zip"


def names(file: Path, max_entries: int) -> list[str]:
    with open_zip(file, max_entries=max_entries, otherwise="no .zip") as archive:
        return archive.namelist()


def claim(file: Path, *, entries: int, before_end: bytes = b"") -> None:
    """Have a zip say that it has other entries than it has."""
    content = file.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    _, *rest = LAST.unpack(content[-LAST.size :])
    record = content[end : -LAST.size] + LAST.pack(entries, *rest)
    file.write_bytes(content[:end] + before_end + record)


def test_as_many_files_as_may_be_are_opened(three: Path):
    assert names(three, 3) == ["a", "b", "c"]


def test_one_more_is_refused(three: Path):
    with pytest.raises(UnreadableFileError, match=r"three\.zip lists 3 files .*; at most 2 files"):
        names(three, 2)


def test_a_long_list_is_refused_before_it_is_read(three: Path):
    claim(three, entries=60_000)
    with pytest.raises(UnreadableFileError, match="lists 60,000 files"):
        names(three, 50_000)


def test_a_list_of_millions_is_refused_before_it_is_read(three: Path):
    # The record of long lists: 32 bytes of no interest, the number of entries, their bytes.
    record = b"PK\x06\x06".ljust(32, b"\0") + struct.pack("<QQQ", 10**6, 10**8, 0)
    claim(three, entries=0xFFFF, before_end=record)
    with pytest.raises(UnreadableFileError, match="lists 1,000,000 files in 100,000,000 bytes"):
        names(three, 50_000)


def test_a_number_of_files_that_is_not_true_is_found_out(three: Path):
    claim(three, entries=1)
    with pytest.raises(UnreadableFileError, match="lists more files than it claims"):
        names(three, 2)


def test_what_is_no_zip_is_called_by_what_was_expected(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(UnreadableFileError, match=r"a\.zip is truncated, or no \.zip"):
        names(tmp_path / "a.zip", 2)


def test_a_damaged_list_is_told_as_such(three: Path):
    content = three.read_bytes()
    three.write_bytes(content.replace(b"PK\x01\x02", b"PK\x09\x09", 1))
    with pytest.raises(UnreadableFileError, match=r"three\.zip is damaged: .*; get it again"):
        names(three, 3)

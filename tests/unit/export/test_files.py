from pathlib import Path

import pytest

from modelfoundry.errors import StorageError
from modelfoundry.export.files import move_into_place, unfinished_folder, write_durably


def test_a_folder_that_is_not_moved_is_gone_afterwards(tmp_path: Path):
    with unfinished_folder(tmp_path) as folder:
        write_durably(folder / "a", b"content")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_making_is_hidden(tmp_path: Path):
    with unfinished_folder(tmp_path) as folder:
        assert folder.name.startswith(".")


def test_a_moved_folder_stays(tmp_path: Path):
    with unfinished_folder(tmp_path) as folder:
        write_durably(folder / "a", b"content")
        move_into_place(folder, tmp_path / "final")
    assert (tmp_path / "final" / "a").read_bytes() == b"content"


def test_moving_onto_an_existing_folder_swaps_the_two(tmp_path: Path):
    new, old = tmp_path / "new", tmp_path / "old"
    new.mkdir()
    old.mkdir()
    (new / "new.txt").touch()
    (old / "old.txt").touch()
    move_into_place(new, old)
    assert [path.name for path in old.iterdir()] == ["new.txt"]
    assert [path.name for path in new.iterdir()] == ["old.txt"]


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path):
    (tmp_path / "modules").touch()
    with (
        pytest.raises(StorageError, match="MODELFOUNDRY_HOME"),
        unfinished_folder(tmp_path / "modules"),
    ):
        pytest.fail("a folder was made inside a file")

import errno
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from modelfoundry.errors import InvalidInputError, StorageError, WrongStateError
from modelfoundry.storage import (
    check_new_name,
    move_into_place,
    move_to_new_place,
    remove_folder,
    replace_durably,
    sha256_of_file,
    unfinished_folder,
    whole_folder,
    write_durably,
)


def test_folder_appears_with_everything_in_it(tmp_path: Path):
    with whole_folder(tmp_path / "a" / "b") as folder:
        (folder / "file").write_text("content")
    assert (tmp_path / "a" / "b" / "file").read_text() == "content"


def test_folder_does_not_exist_while_it_is_written(tmp_path: Path):
    with whole_folder(tmp_path / "new"):
        assert not (tmp_path / "new").exists()


def write_then_raise(destination: Path, error: Exception) -> None:
    with whole_folder(destination) as folder:
        (folder / "half").touch()
        raise error


def test_failed_block_leaves_nothing_behind(tmp_path: Path):
    with pytest.raises(ValueError, match="stop"):
        write_then_raise(tmp_path / "new", ValueError("stop"))
    assert list(tmp_path.iterdir()) == []


def test_full_disk_is_a_storage_error_and_leaves_nothing_behind(tmp_path: Path):
    with pytest.raises(StorageError, match="No space left"):
        write_then_raise(tmp_path / "new", OSError(errno.ENOSPC, "No space left on device"))
    assert list(tmp_path.iterdir()) == []


def test_folder_that_exists_is_kept(tmp_path: Path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "file").touch()
    with pytest.raises(WrongStateError, match="old has been made"), whole_folder(tmp_path / "old"):
        pass
    assert (tmp_path / "old" / "file").exists()


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", ".hidden", "x" * 65, "a b"])
def test_name_that_cannot_be_a_folder_of_ours_is_refused(name: str, tmp_path: Path):
    with pytest.raises(InvalidInputError, match="cannot name a model"):
        check_new_name(name, kind="model", taken_in=(tmp_path,))


def test_name_in_use_is_refused(tmp_path: Path):
    (tmp_path / "cat").mkdir()
    with pytest.raises(InvalidInputError, match="a model named 'cat' is already here"):
        check_new_name("cat", kind="model", taken_in=(tmp_path / "none", tmp_path))


def test_hash_is_the_standard_one(tmp_path: Path):
    (tmp_path / "file").write_text("abc")  # the example in the standard, FIPS 180-2
    assert sha256_of_file(tmp_path / "file").startswith("ba7816bf8f01cfea")


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


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path):
    (tmp_path / "a.json").write_bytes(b"old")
    replace_durably(tmp_path / "a.json", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_a_file_that_many_write_at_once_is_that_of_one_of_them(tmp_path: Path):
    contents = [bytes([number]) * 100_000 for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(partial(replace_durably, tmp_path / "a"), contents))
    assert [path.read_bytes() in contents for path in tmp_path.iterdir()] == [True]


def test_a_new_place_is_taken_by_the_first_alone(tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (first / "first").touch()
    (second / "second").touch()

    move_to_new_place(first, tmp_path / "place")
    with pytest.raises(FileExistsError):
        move_to_new_place(second, tmp_path / "place")

    assert [path.name for path in (tmp_path / "place").iterdir()] == ["first"]
    assert [path.name for path in second.iterdir()] == ["second"]


def test_a_folder_that_somebody_else_has_just_removed_is_removed(tmp_path: Path):
    remove_folder(tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path):
    (tmp_path / "modules").touch()
    with (
        pytest.raises(StorageError, match="MODELFOUNDRY_HOME"),
        unfinished_folder(tmp_path / "modules"),
    ):
        pytest.fail("a folder was made inside a file")

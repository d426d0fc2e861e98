import os
from pathlib import Path

import pytest

from modelfoundry.errors import AlreadyRunningError, StorageError
from modelfoundry.jobs.lock import only_one
from modelfoundry.settings import Home


def test_a_second_server_on_a_data_folder_is_refused_naming_folder_process_and_way_out(
    tmp_path: Path,
):
    with (
        only_one(Home(tmp_path), "server"),
        pytest.raises(AlreadyRunningError) as refused,
        only_one(Home(tmp_path), "server"),
    ):
        pass

    assert str(refused.value) == (
        f"another server (process {os.getpid()}) uses the data folder {tmp_path}; stop it, or "
        "choose another folder with MODELFOUNDRY_HOME"
    )


def test_server_and_runner_do_not_exclude_each_other(tmp_path: Path):
    with only_one(Home(tmp_path), "server"), only_one(Home(tmp_path), "runner"):
        pass


def test_the_role_is_free_again_afterwards(tmp_path: Path):
    with only_one(Home(tmp_path), "server"):
        pass
    with only_one(Home(tmp_path), "server"):
        pass


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path):
    (tmp_path / "file").touch()

    with (
        pytest.raises(StorageError, match=r"cannot write the data folder .*MODELFOUNDRY_HOME"),
        only_one(Home(tmp_path / "file" / "home"), "server"),
    ):
        pass

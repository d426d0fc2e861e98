import os

import pytest
from sqlalchemy import Engine, text
from tests.homes import add_bundle

from modelfoundry.errors import UnreadableFileError
from modelfoundry.jobs.bundles import adopt_bundles, module_of_bundle, remove_abandoned
from modelfoundry.jobs.database import for_writing
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.settings import Home
from modelfoundry.storage import unfinished_folder


def test_a_bundle_on_disk_that_nobody_reported_is_listed(home: Home, modules: ModuleStore):
    add_bundle(home, "toy-3-0a1b2c3d")

    adopt_bundles(home, modules)

    assert [(m.id, m.job_id) for m in modules.all()] == [("toy-3-0a1b2c3d", None)]


def test_a_listed_module_keeps_its_job(home: Home, modules: ModuleStore):
    adopt_bundles(home, modules)
    modules.put(module_of_bundle(add_bundle(home), job_id=None))

    adopt_bundles(home, modules)

    assert len(modules.all()) == 1


def test_a_broken_bundle_is_passed_over(home: Home, modules: ModuleStore):
    (add_bundle(home, "broken") / "manifest.json").write_text("{")
    add_bundle(home, "whole")

    adopt_bundles(home, modules)

    assert [module.id for module in modules.all()] == ["whole"]


def test_a_listed_module_of_another_version_leaves_the_list_and_keeps_its_files(
    home: Home, modules: ModuleStore, database: Engine
):
    folder = add_bundle(home, "old")
    add_bundle(home, "new")
    adopt_bundles(home, modules)
    with for_writing(database).begin() as connection:
        connection.execute(text("UPDATE modules SET manifest = '{}' WHERE id = 'old'"))
    (folder / "manifest.json").write_text('{"format_version": 1}')

    adopt_bundles(home, modules)

    assert [module.id for module in modules.all()] == ["new"]
    assert folder.is_dir()


def test_a_manifest_without_its_measures_is_unreadable(home: Home):
    folder = add_bundle(home, measures={})

    with pytest.raises(UnreadableFileError, match="is not of this version"):
        module_of_bundle(folder, job_id=None)


def test_the_size_of_a_module_is_that_of_all_its_files(home: Home):
    # "the onnx file" and "the readme file": 13 + 15 bytes
    assert module_of_bundle(add_bundle(home), job_id=None).size_bytes == 28


def test_half_written_folders_of_dead_processes_are_removed_and_those_in_use_are_not(home: Home):
    dead = home.uploads / ".unfinished-a"
    dead.mkdir(parents=True)
    os.utime(dead, (0, 0))  # 1970, before this process began
    with unfinished_folder(home.uploads) as in_use:
        os.utime(in_use, (0, 0))

        remove_abandoned(home)

        assert (dead.exists(), in_use.exists()) == (False, True)


def test_a_half_written_folder_younger_than_this_process_is_left_alone(home: Home):
    young = home.models / ".unfinished-b"
    young.mkdir(parents=True)

    remove_abandoned(home)

    assert young.exists()

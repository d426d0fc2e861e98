"""A module that cannot be opened says which file it is and what to do."""

from pathlib import Path

import pytest
from tests.homes import add_bundle

from modelfoundry.errors import GoneError, UnreadableFileError
from modelfoundry.export.manifest import FILE_BY_FORMAT
from modelfoundry.pipelines.reuse.networks import open_module
from modelfoundry.settings import Home

ID = "toy-3-0a1b2c3d"


def test_a_damaged_file_is_named(tmp_path: Path):
    home = Home(tmp_path)
    add_bundle(home, ID)
    path = home.modules / ID / FILE_BY_FORMAT["pt2"]
    path.write_bytes(b"not a network")

    with pytest.raises(UnreadableFileError, match=r"is damaged .*make the module") as refused:
        open_module(home, ID)
    assert str(path) in str(refused.value)


def test_a_file_that_is_gone_is_named(tmp_path: Path):
    home = Home(tmp_path)
    add_bundle(home, ID)
    path = home.modules / ID / FILE_BY_FORMAT["pt2"]
    path.unlink(missing_ok=True)

    with pytest.raises(GoneError, match="no longer on disk") as refused:
        open_module(home, ID)
    assert str(path) in str(refused.value)

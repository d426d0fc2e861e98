from pathlib import Path

import pytest
from tests.homes import add_bundle

from modelfoundry.catalog.modules import find_module
from modelfoundry.errors import UnknownNameError
from modelfoundry.settings import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    add_bundle(Home(tmp_path), "toy-3-0a1b2c3d")
    return Home(tmp_path)


def test_a_module_is_found_by_its_id(home: Home):
    assert find_module(home, "toy-3-0a1b2c3d")["title"] == "3"


@pytest.mark.parametrize("module_id", ["toy-4", "", "..", "../modules/toy-3-0a1b2c3d", "/etc"])
def test_what_is_no_module_is_refused_naming_those_that_are(home: Home, module_id: str):
    with pytest.raises(UnknownNameError, match=r"no module named .*; known: toy-3-0a1b2c3d"):
        find_module(home, module_id)

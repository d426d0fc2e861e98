from pathlib import Path

import pytest
from tests.homes import add_model

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.settings import Home, Settings


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data folder with one model of the digits."""
    home = Home(tmp_path)
    add_model(home)
    return home


@pytest.fixture
def services(home: Home) -> Services:
    return build_services(Settings(home=home))

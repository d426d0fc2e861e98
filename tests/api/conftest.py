from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.homes import add_model
from werkzeug.test import TestResponse

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services, build_services
from modelfoundry.settings import Home, Settings

UPLOAD_LIMIT_BYTES = 2**18


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data folder with one model of the digits."""
    home = Home(tmp_path / "home")
    add_model(home)
    return home


@pytest.fixture
def settings(home: Home, tmp_path: Path) -> Settings:
    return Settings(home=home, web_root=tmp_path / "web", upload_limit_bytes=UPLOAD_LIMIT_BYTES)


@pytest.fixture
def services(settings: Settings) -> Services:
    return build_services(settings)


class ClosingClient(FlaskClient):
    """Reads every answer to its end and closes it, as a real server does."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True} | options)


def client_of(services: Services) -> FlaskClient:
    """Make a client of an application."""
    app = create_app(services)
    app.test_client_class = ClosingClient
    return app.test_client()


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return client_of(services)


@pytest.fixture
def guarded(services: Services) -> FlaskClient:
    """A client of a server that others can reach, so that a login is needed."""
    return client_of(replace(services, settings=replace(services.settings, login="required")))

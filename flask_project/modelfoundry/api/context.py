"""What a handler may reach: the services that ``create_app`` was given."""

from typing import TypeVar, cast

from flask import current_app

from modelfoundry.bootstrap import Services

EXTENSION = "modelfoundry"
API_PREFIX = "/api/v1"

Body = TypeVar("Body")
Reply = tuple[Body, int, dict[str, str]]
"""A response body with its status and headers."""


def services() -> Services:
    """Return the services of the running application."""
    return cast("Services", current_app.extensions[EXTENSION])

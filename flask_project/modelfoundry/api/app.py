"""Make the web application."""

import pkgutil
from importlib import import_module

from apiflask import APIFlask
from flask_cors import CORS

from modelfoundry import __version__
from modelfoundry.api import compatibility, routes
from modelfoundry.api.access import install_access, install_identity
from modelfoundry.api.context import API_PREFIX, EXTENSION
from modelfoundry.api.limits import install_limits
from modelfoundry.api.metrics import install_metrics
from modelfoundry.api.openapi import complete_spec
from modelfoundry.api.problems import install_problems
from modelfoundry.api.request_log import install_request_log
from modelfoundry.api.security_headers import install_security_headers
from modelfoundry.bootstrap import Services


def create_app(services: Services) -> APIFlask:
    """Make the application; every blueprint called ``bp`` in ``api/routes`` is mounted."""
    app = APIFlask(
        "modelfoundry",
        title="ModelFoundry",
        version=__version__,
        spec_path=f"{API_PREFIX}/openapi.json",
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]
    )
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        AUTO_OPERATION_ID=True,
        HTTP_ERROR_SCHEMA={},
        MAX_CONTENT_LENGTH=services.settings.upload_limit_bytes,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # a settings form keeps its order
    app.extensions[EXTENSION] = services
    app.spec_processor(complete_spec)
    install_problems(app)
    _install_checks(app, services)
    for module in pkgutil.iter_modules(routes.__path__):
        app.register_blueprint(import_module(f"{routes.__name__}.{module.name}").bp)
    if services.settings.compatibility == "on":
        app.register_blueprint(compatibility.bp)
    if services.settings.cors_origin:
        CORS(app, origins=services.settings.cors_origin, expose_headers=["Location", "ETag"])
    return app


def _install_checks(app: APIFlask, services: Services) -> None:
    """Have an app (changed in place) note and check every request, in this order."""
    settings = services.settings
    install_request_log(app)
    install_security_headers(app)
    install_metrics(app, services.jobs)
    install_identity(app)
    if settings.login == "required" and settings.requests_per_minute:
        install_limits(app, settings.requests_per_minute)
    install_access(app, settings)

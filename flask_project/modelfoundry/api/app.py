"""Make the web application."""

import pkgutil
from importlib import import_module

from apiflask import APIFlask
from flask_cors import CORS

from modelfoundry import __version__
from modelfoundry.api import routes
from modelfoundry.api.access import install_access
from modelfoundry.api.context import API_PREFIX, EXTENSION
from modelfoundry.api.openapi import complete_spec
from modelfoundry.api.problems import install_problems
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
        HTTP_ERROR_SCHEMA={},
        MAX_CONTENT_LENGTH=services.settings.upload_limit_bytes,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # a settings form keeps its order
    app.extensions[EXTENSION] = services
    app.spec_processor(complete_spec)
    install_problems(app)
    install_access(app, services.settings)
    for module in pkgutil.iter_modules(routes.__path__):
        app.register_blueprint(import_module(f"{routes.__name__}.{module.name}").bp)
    if services.settings.cors_origin:
        CORS(app, origins=services.settings.cors_origin, expose_headers=["Location", "ETag"])
    return app

"""Whether the server lives and is ready for work."""

from apiflask import APIBlueprint
from sqlalchemy import text

from modelfoundry.api.context import services
from modelfoundry.api.schemas import View

bp = APIBlueprint("health", __name__)


class HealthView(View):
    """The answer of a healthy server."""

    status: str


@bp.get("/livez")
@bp.output(HealthView)
def get_liveness() -> HealthView:
    """Tell that the process answers."""
    return HealthView(status="alive")


@bp.get("/readyz")
@bp.output(HealthView)
def get_readiness() -> HealthView:
    """Tell that the database answers too."""
    with services().stores.engine.connect() as connection:
        connection.execute(text("select 1 from jobs where false"))
    return HealthView(status="ready")

"""What the images of a class look like."""

from apiflask import APIBlueprint, FileSchema
from flask import Response, request
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import Query

bp = APIBlueprint("class_strips", __name__, url_prefix=API_PREFIX)

ONE_HOUR_S = 3600


class StripQuery(Query):
    """How long a strip is wanted."""

    count: int = Field(default=6, ge=1, le=8, description="Images; fewer if the class has fewer.")


@bp.get("/datasets/<name>/classes/<path:class_name>/samples")
@bp.input(StripQuery, location="query")
@bp.output(
    FileSchema(type="string", format="binary"),
    content_type="image/png",
    description="The images side by side, each as high as the picture.",
)
@bp.doc(responses={304: "The strip is as it was."})
def get_class_strip(name: str, class_name: str, query_data: StripQuery) -> Response:
    """Show some training images of a class as one PNG file."""
    strip = services().class_strips.strip(name, class_name, count=query_data.count)
    response = Response(content_type="image/png")
    response.set_etag(strip.version)
    response.cache_control.max_age = ONE_HOUR_S
    response.make_conditional(request)
    if response.status_code == 200:  # noqa: PLR2004 - the browser has no copy of it
        response.set_data(strip.png())
    return response

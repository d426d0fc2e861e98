"""Test images of data sets, one by one."""

from apiflask import APIBlueprint, FileSchema
from flask import Response, request, url_for
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import Query, Repeated, View
from modelfoundry.services.samples import Sample

bp = APIBlueprint("samples", __name__, url_prefix=API_PREFIX)

ONE_DAY_S = 24 * 3600


class SampleQuery(Query):
    """Which test images are wanted."""

    classes: Repeated[str] = Field(default=(), alias="class", description="Of which classes.")
    limit: int = Field(default=12, ge=1, le=48)
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="Decides which are drawn.")


class SampleView(View):
    """A test image and what is on it."""

    index: int
    label: str
    image_url: str

    @classmethod
    def of(cls, dataset: str, sample: Sample) -> "SampleView":
        """Show a test image."""
        image_url = url_for("samples.get_test_image", name=dataset, index=sample.index)
        return cls(**vars(sample), image_url=image_url)


class SampleList(View):
    """Some test images, each class in turn."""

    items: list[SampleView]


@bp.get("/datasets/<name>/test-images")
@bp.input(SampleQuery, location="query", arg_name="query")
@bp.output(SampleList)
def list_test_images(name: str, query: SampleQuery) -> SampleList:
    """Draw some test images of a data set, of each class in turn."""
    drawn = services().samples.some(name, classes=query.classes, limit=query.limit, seed=query.seed)
    return SampleList(items=[SampleView.of(name, sample) for sample in drawn])


@bp.get("/datasets/<name>/test-images/<int:index>")
@bp.output(
    FileSchema(type="string", format="binary"), content_type="image/png", description="The image."
)
def get_test_image(name: str, index: int) -> Response:
    """Show one test image as a PNG file."""
    response = Response(services().samples.png(name, index), content_type="image/png")
    response.add_etag()
    response.cache_control.max_age = ONE_DAY_S
    response.make_conditional(request)
    return response

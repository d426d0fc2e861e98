"""The installation: what it runs on, what it keeps, and cleaning up."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import View
from modelfoundry.services.licenses import licenses

bp = APIBlueprint("system", __name__, url_prefix=API_PREFIX)


class FreeableView(View):
    """Something that a clean-up would delete."""

    name: str
    size_bytes: int


class FolderView(View):
    """One kind of what is kept; ``freeable`` lists the largest of what a clean-up would delete."""

    name: str
    size_bytes: int
    freeable_bytes: int
    freeable: list[FreeableView]


class SystemView(View):
    """What the server runs on; ``free_bytes`` is what its disk has left."""

    version: str
    gpus: list[str]
    processors: int
    memory_bytes: int
    home: str
    free_bytes: int
    folders: list[FolderView]


class CleanedView(View):
    """What a clean-up has freed."""

    freed_bytes: int


class LicenseView(View):
    """A library that the server runs on; ``license`` is empty where its maker does not say."""

    name: str
    version: str
    license: str


class LicenseList(View):
    """The libraries by name."""

    items: list[LicenseView]


@bp.get("/system")
@bp.output(SystemView)
def get_system() -> SystemView:
    """Describe the installation and what it keeps on disk."""
    return SystemView.model_validate(services().system.describe())


@bp.get("/system/licenses")
@bp.output(LicenseList)
def list_licenses() -> LicenseList:
    """List the libraries that the server runs on, with their licences."""
    return LicenseList(items=[LicenseView.model_validate(each) for each in licenses()])


@bp.delete("/system/folders/<name>")
@bp.output(CleanedView)
@bp.doc(responses=[404])
def clean_up_folder(name: str) -> CleanedView:
    """Delete what can be had again or nobody needs any more.

    `downloads`, `jobs`, `networks`, `uploads`, `logs`, `leftovers`
    """
    return CleanedView(freed_bytes=services().system.clean_up(name))

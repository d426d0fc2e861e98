"""The installation: what it runs on, what it keeps, and cleaning up."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import View

bp = APIBlueprint("system", __name__, url_prefix=API_PREFIX)


class FolderView(View):
    """One folder of the data folder; ``freeable_bytes`` is what a clean-up would free."""

    name: str
    size_bytes: int
    freeable_bytes: int


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


@bp.get("/system")
@bp.output(SystemView)
def get_system() -> SystemView:
    """Describe the installation and what it keeps on disk."""
    return SystemView.model_validate(services().system.describe())


@bp.delete("/system/folders/<name>")
@bp.output(CleanedView)
@bp.doc(responses=[404])
def clean_up_folder(name: str) -> CleanedView:
    """Delete what can be had again: `downloads`, or checkpoints of ended `jobs`."""
    return CleanedView(freed_bytes=services().system.clean_up(name))

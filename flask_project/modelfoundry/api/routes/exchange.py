"""Modules that come from elsewhere, and whether files are still as they were made."""

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from flask import url_for
from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.modules import ModuleView
from modelfoundry.api.schemas import View
from modelfoundry.api.uploads import UPLOAD_FIELD, UPLOAD_RESPONSES, received
from modelfoundry.jobs.manifest import BundleFile

bp = APIBlueprint("exchange", __name__, url_prefix=API_PREFIX)


class NewModule(BaseModel):
    """A module that was exported here or elsewhere."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile | None = Field(default=None, description="The .zip of all its files.")
    upload: str | None = UPLOAD_FIELD


class VerifiedView(View):
    """The files of a module, all of which have the hash they were made with."""

    files: list[BundleFile]


@bp.post("/modules")
@bp.input(NewModule, location="form_and_files", arg_name="new")
@bp.output(ModuleView, status_code=201)
@bp.doc(responses=UPLOAD_RESPONSES | {409: {"description": "A module of that id is here."}})
def add_module(new: NewModule) -> Reply[ModuleView]:
    """Take in a module; files are compared with the hashes in its manifest.

    Its measures are kept as stated there. `module.pt2`, which can hold code, is left out.
    """
    with received(new.file, new.upload) as path:
        module = services().exchange.receive(path)
    location = url_for("modules.get_module", module_id=module.id)
    return ModuleView.of(module), 201, {"Location": location}


@bp.get("/modules/<module_id>/verification")
@bp.output(VerifiedView)
@bp.doc(
    responses={404: "There is no such module.", 410: "A file is gone.", 422: "One was changed."}
)
def verify_module(module_id: str) -> VerifiedView:
    """Compare every file of a module with the hash it was made with."""
    return VerifiedView(files=services().exchange.verify(module_id))

"""Large files in pieces: begin, send, look where it is, cancel."""

from apiflask import APIBlueprint, EmptySchema
from apiflask.fields import UploadFile
from flask import url_for
from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.schemas import Query, View
from modelfoundry.services.uploads import NewUpload, Upload

bp = APIBlueprint("uploads", __name__, url_prefix=API_PREFIX)


class UploadView(View):
    """A file that is coming in; the next piece begins at ``received_bytes``."""

    id: str
    name: str
    size_bytes: int
    received_bytes: int
    is_complete: bool


class Piece(BaseModel):
    """Some bytes of a file, of any length."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    piece: UploadFile


class PieceQuery(Query):
    """Where a piece belongs."""

    offset: int = Field(ge=0, description="Of its first byte in the file.")


@bp.post("/uploads")
@bp.input(NewUpload, arg_name="new")
@bp.output(UploadView, status_code=201)
@bp.doc(responses={413: "The file is larger than is accepted."})
def begin_upload(new: NewUpload) -> Reply[UploadView]:
    """Announce a file; its bytes follow in pieces, and what they are for is said afterwards."""
    upload = services().uploads.begin(new)
    location = url_for("uploads.get_upload", upload_id=upload.id)
    return _view(upload), 201, {"Location": location}


@bp.get("/uploads/<upload_id>")
@bp.output(UploadView)
def get_upload(upload_id: str) -> UploadView:
    """Tell how far an upload has come, to go on where it broke off."""
    return _view(services().uploads.find(upload_id))


@bp.put("/uploads/<upload_id>")
@bp.input(PieceQuery, location="query")
@bp.input(Piece, location="form_and_files", arg_name="sent")
@bp.output(UploadView)
@bp.doc(responses={404: "There is no such upload.", 409: "The piece belongs elsewhere."})
def add_piece(upload_id: str, query_data: PieceQuery, sent: Piece) -> UploadView:
    """Send the next piece of a file."""
    stream = sent.piece.stream
    return _view(services().uploads.add(upload_id, stream, offset=query_data.offset))


@bp.delete("/uploads/<upload_id>")
@bp.output(EmptySchema, status_code=204)
@bp.doc(responses=[404])
def cancel_upload(upload_id: str) -> str:
    """Delete an upload and what has come of it."""
    services().uploads.cancel(upload_id)
    return ""


def _view(upload: Upload) -> UploadView:
    return UploadView(**upload.model_dump(), is_complete=upload.is_complete)

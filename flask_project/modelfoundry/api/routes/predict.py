"""Try networks out: send a picture, get what a module and its original see on it."""

import base64

from apiflask import APIBlueprint, FileSchema
from apiflask.fields import UploadFile
from flask import Response, request, send_file, url_for
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import UnsupportedMediaType

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.schemas import Query, View
from modelfoundry.api.sending import FILE_RESPONSES
from modelfoundry.errors import InvalidInputError
from modelfoundry.export.networks import KeptNetwork
from modelfoundry.services.predict import (
    MAX_PICTURE_BYTES,
    Prediction,
    Role,
    RunnableFormat,
)

bp = APIBlueprint("predict", __name__, url_prefix=API_PREFIX)

FORM_OVERHEAD_BYTES = 2**16
WRITTEN_WITHIN_S = 20  # a server's thread waits no longer
NAMELESS = "the picture"
REFUSED = {413: "The picture is too large.", 415: "The body is neither a form nor an image."}


class PictureForm(BaseModel):
    """A picture in a form; the body may also be the image file itself."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile | None = Field(
        default=None, description="PNG, JPEG, BMP, GIF, WebP, TIFF or PPM."
    )


class PredictQuery(Query):
    """Which networks are asked."""

    format: RunnableFormat = Field(default="onnx", description="Which file of the module is run.")
    original: bool = Field(default=True, description="Ask what it was cut from too, if it is kept.")


class ScoreView(View):
    """How probable a network holds an answer, 0-1."""

    label: str
    probability: float


class NetworkAnswerView(View):
    """What one network says; ``latency_ms`` is a median on one thread, the first run left out."""

    role: Role
    name: str
    scores: list[ScoreView]
    latency_ms: float


class PredictionView(View):
    """What networks say of a picture; ``picture_url`` shows it as they saw it."""

    file: str
    width: int
    height: int
    notes: list[str]
    picture_url: str
    answers: list[NetworkAnswerView]

    @classmethod
    def of(cls, prediction: Prediction) -> "PredictionView":
        """Show a prediction."""
        picture = prediction.picture
        return cls(
            file=prediction.file,
            width=picture.width,
            height=picture.height,
            notes=list(picture.notes),
            picture_url=f"data:image/png;base64,{base64.b64encode(picture.png()).decode()}",
            answers=[NetworkAnswerView.model_validate(answer) for answer in prediction.answers],
        )


class NetworkView(View):
    """A whole network as a file: images in 0-1 go in, a logit for each output comes out."""

    key: str
    title: str
    outputs: list[str]
    input_shape: list[int]
    size_bytes: int
    onnx_url: str

    @classmethod
    def of(cls, network: KeptNetwork) -> "NetworkView":
        """Show a network."""
        return cls(
            **network.model_dump(), onnx_url=url_for("predict.download_network", key=network.key)
        )


@bp.before_request
def limit_picture() -> None:
    """Refuse a larger body than a picture needs, before it is read."""
    request.max_content_length = MAX_PICTURE_BYTES + FORM_OVERHEAD_BYTES


@bp.post("/modules/<module_id>/predict")
@bp.input(PredictQuery, location="query", arg_name="query")
@bp.input(PictureForm, location="form_and_files", arg_name="form")
@bp.output(PredictionView)
@bp.doc(responses=REFUSED | {410: "The module's file is no longer on disk."})
def predict_by_module(module_id: str, query: PredictQuery, form: PictureForm) -> PredictionView:
    """Classify a picture with a module, and with what it was cut from."""
    file, content = _picture(form)
    prediction = services().predict.by_module(
        module_id, content, file=file, format=query.format, with_original=query.original
    )
    return PredictionView.of(prediction)


@bp.post("/models/<name>/predict")
@bp.input(PictureForm, location="form_and_files", arg_name="form")
@bp.output(PredictionView)
@bp.doc(responses=REFUSED | {409: "The network has not been written as a file yet."})
def predict_by_model(name: str, form: PictureForm) -> PredictionView:
    """Classify a picture with a model."""
    file, content = _picture(form)
    return PredictionView.of(services().predict.by_model(name, content, file=file))


@bp.post("/models/<name>/network")
@bp.output(NetworkView, status_code=201)
@bp.doc(
    responses={
        409: "It is still being written; ask again in some seconds.",
        422: "The network cannot be written as ONNX.",
    }
)
def write_network(name: str) -> Reply[NetworkView]:
    """Write a model's network as an ONNX file, unless there is one; takes some seconds."""
    network = services().predict.write_network(name, within_s=WRITTEN_WITHIN_S)
    location = url_for("predict.get_network", key=network.key)
    return NetworkView.of(network), 201, {"Location": location}


@bp.get("/networks/<key>")
@bp.output(NetworkView)
@bp.doc(responses={410: "The network is not kept."})
def get_network(key: str) -> NetworkView:
    """Describe a whole network that is kept as a file."""
    return NetworkView.of(services().predict.network(key))


@bp.get("/networks/<key>/onnx")
@bp.output(
    FileSchema(type="string", format="binary"),
    content_type="application/octet-stream",
    description="The file; ranges can be asked for.",
)
@bp.doc(responses=FILE_RESPONSES)
def download_network(key: str) -> Response:
    """Download a whole network as ONNX."""
    path = services().predict.network_file(key)
    return send_file(
        path,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"{key}.onnx",
        conditional=True,
        etag=key,
    )


def _picture(form: PictureForm) -> tuple[str, bytes]:
    """Return the name and the content of the picture that was sent.

    Raises:
        UnsupportedMediaType: The body is neither a form nor an image.
        InvalidInputError: The form holds no file.
    """
    if request.mimetype.startswith("image/"):
        return NAMELESS, request.get_data(cache=False)
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(
            f"the body is {request.mimetype or 'of no stated type'}; send a form with the field "
            "'file' (multipart/form-data), or an image file with its own type, such as image/png"
        )
    if form.file is None or not form.file.filename:
        raise InvalidInputError.of("/file", "no picture was sent; put it into the field 'file'")
    return form.file.filename, form.file.read()

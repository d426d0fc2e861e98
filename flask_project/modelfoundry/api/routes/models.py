"""Trained networks: list them, bring your own, delete them."""

from apiflask import APIBlueprint, EmptySchema
from apiflask.fields import UploadFile
from flask import url_for
from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.schemas import Numbers, Query, View
from modelfoundry.api.uploads import UPLOAD_FIELD, UPLOAD_RESPONSES, received
from modelfoundry.cards import ArchitectureCard, ModelCard

bp = APIBlueprint("models", __name__, url_prefix=API_PREFIX)


class ModelView(ModelCard, View):
    """A trained network; ``size_bytes`` counts its weights, ``is_removable`` says if it can go."""

    size_bytes: int
    is_removable: bool

    @classmethod
    def of(cls, card: ModelCard) -> "ModelView":
        """Show a trained network."""
        models = services().models
        return cls(
            **card.model_dump(),
            size_bytes=models.size_bytes(card.name),
            is_removable=models.is_removable(card.name),
        )


class ModelList(View):
    """All trained networks; there are few enough for one page."""

    items: list[ModelView]


class ArchitectureView(ArchitectureCard, View):
    """A kind of network: ours, or of torchvision or timm by name."""


class ArchitectureList(View):
    """All kinds of network that were asked for."""

    items: list[ArchitectureView]


class ArchitectureQuery(BaseModel):
    """Which kinds of network to list."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", description="Words that the name or the family contains.")


class NewModel(BaseModel):
    """Weights of a known architecture."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile | None = Field(default=None, description=".safetensors, .pt, .pth or .th")
    upload: str | None = UPLOAD_FIELD
    name: str
    dataset: str = Field(description="What the network was trained on; gives its classes.")
    title: str | None = Field(default=None, max_length=200, description="For people.")
    architecture: str | None = Field(default=None, description="Found out if absent.")
    mean: Numbers = Field(default=None, description="Per channel, of images in 0-1.")
    std: Numbers = Field(default=None, description="Per channel, of images in 0-1.")
    license: str | None = Field(default=None, max_length=100, description="Of the weights.")


class WeightsQuery(Query):
    """What weights are compared with."""

    architecture: str | None = Field(default=None, description="All known ones if absent.")


class KeyDifferenceView(View):
    """A tensor whose shape is another in the file than in the architecture; null: not there."""

    key: str
    found: list[int] | None
    needed: list[int] | None


class WeightsPreviewView(View):
    """What a file of weights holds; it fits ``architecture`` if ``num_differences`` is 0.

    ``architecture`` is the closest one else, ``differences`` are the first ones. ``num_numbers``
    counts those of all tensors, buffers too.
    """

    architecture: str
    num_classes: int
    num_tensors: int
    num_numbers: int
    num_differences: int
    differences: list[KeyDifferenceView]


@bp.get("/models")
@bp.output(ModelList)
def list_models() -> ModelList:
    """List the trained networks."""
    return ModelList(items=[ModelView.of(m) for m in services().models.all()])


@bp.get("/models/<name>")
@bp.output(ModelView)
def get_model(name: str) -> ModelView:
    """Describe one trained network."""
    return ModelView.of(services().models.find(name))


@bp.post("/models")
@bp.input(NewModel, location="form_and_files", arg_name="new")
@bp.output(ModelView, status_code=201)
@bp.doc(responses=UPLOAD_RESPONSES)
def add_model(new: NewModel) -> Reply[ModelView]:
    """Import weights of a known architecture."""
    with received(new.file, new.upload) as path:
        card = services().models.add(
            new.name,
            path,
            dataset=new.dataset,
            architecture=new.architecture,
            mean=new.mean,
            std=new.std,
            title=new.title,
            license=new.license,
        )
    location = url_for("models.get_model", name=card.name)
    return ModelView.of(card), 201, {"Location": location}


@bp.get("/uploads/<upload_id>/model")
@bp.input(WeightsQuery, location="query", arg_name="query")
@bp.output(WeightsPreviewView)
@bp.doc(responses=UPLOAD_RESPONSES)
def preview_model(upload_id: str, query: WeightsQuery) -> WeightsPreviewView:
    """Show what an upload holds as weights, and which architecture they fit; nothing is kept."""
    path = services().uploads.complete(upload_id)
    preview = services().models.preview(path, architecture=query.architecture)
    return WeightsPreviewView.model_validate(preview)


@bp.delete("/models/<name>")
@bp.output(EmptySchema, status_code=204)
@bp.doc(responses={404: "There is no such model.", 409: "It stays, or a job needs it."})
def delete_model(name: str) -> str:
    """Delete a model; the modules that were cut out of it stay."""
    services().models.delete(name)
    return ""


@bp.get("/architectures")
@bp.input(ArchitectureQuery, location="query", arg_name="query")
@bp.output(ArchitectureList)
def list_architectures(query: ArchitectureQuery) -> ArchitectureList:
    """List the kinds of network that can be trained and whose weights can be brought along."""
    cards = services().catalog.architectures(query.q)
    return ArchitectureList(items=[ArchitectureView.model_validate(card) for card in cards])

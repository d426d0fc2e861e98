"""Data sets: list them, bring your own, delete them."""

import base64

from apiflask import APIBlueprint, EmptySchema
from apiflask.fields import UploadFile
from flask import url_for
from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.schemas import Query, View
from modelfoundry.api.uploads import UPLOAD_FIELD, UPLOAD_RESPONSES, received
from modelfoundry.cards import DatasetCard

bp = APIBlueprint("datasets", __name__, url_prefix=API_PREFIX)


class DatasetView(DatasetCard, View):
    """A set of labelled images; ``how_to_get`` helps while it is not on disk.

    ``size_bytes`` is what it takes in the data folder, and can be freed by deleting it.
    """

    on_disk: bool
    size_bytes: int

    @classmethod
    def of(cls, card: DatasetCard) -> "DatasetView":
        """Show a data set."""
        size_bytes = services().datasets.size_bytes(card.name)
        return cls(**card.model_dump(), on_disk=card.num_train > 0, size_bytes=size_bytes)


class DatasetList(View):
    """All data sets; there are few enough for one page."""

    items: list[DatasetView]


class NewDataset(BaseModel):
    """Labelled images in one file."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile | None = Field(
        default=None, description="Arrays (.npz) or a zipped image folder (.zip)."
    )
    upload: str | None = UPLOAD_FIELD
    name: str
    title: str | None = Field(default=None, max_length=200, description="For people.")
    size: int | None = Field(
        default=None, description="Side in pixels to bring the images of a folder to; 32 if absent."
    )
    leave_out: bool = Field(
        default=False, description="Whether to go on without files that cannot be used."
    )


class PreviewQuery(Query):
    """How the images would be imported."""

    size: int | None = Field(default=None, description="As for the import.")


class ClassPreviewView(View):
    """One class; ``samples`` are some of its images, as data URLs, in the first 60 classes."""

    name: str
    num_train: int
    num_test: int
    samples: list[str]


class FileProblemView(View):
    """A file inside the upload that cannot be used, and why."""

    path: str
    message: str


class DatasetPreviewView(View):
    """What an upload would become; ``left_out`` names the files that cannot be used."""

    classes: list[ClassPreviewView]
    input_shape: tuple[int, int, int]
    num_train: int
    num_test: int
    is_split_made_up: bool
    left_out: list[FileProblemView]


class NewGroups(BaseModel):
    """Named groups of classes; they replace those that were added before."""

    model_config = ConfigDict(extra="forbid")

    groups: dict[str, tuple[str, ...]] = Field(examples=[{"pets": ["cat", "dog"]}])


@bp.get("/datasets")
@bp.output(DatasetList)
def list_datasets() -> DatasetList:
    """List the data sets, on disk or only known."""
    return DatasetList(items=[DatasetView.of(card) for card in services().datasets.all()])


@bp.get("/datasets/<name>")
@bp.output(DatasetView)
def get_dataset(name: str) -> DatasetView:
    """Describe one data set."""
    return DatasetView.of(services().datasets.find(name))


@bp.post("/datasets")
@bp.input(NewDataset, location="form_and_files", arg_name="new")
@bp.output(DatasetView, status_code=201)
@bp.doc(responses=UPLOAD_RESPONSES)
def add_dataset(new: NewDataset) -> Reply[DatasetView]:
    """Import arrays or a zipped image folder."""
    with received(new.file, new.upload) as path:
        card = services().datasets.add(
            new.name, [path], title=new.title, size=new.size, leave_out=new.leave_out
        )
    return DatasetView.of(card), 201, {"Location": url_for("datasets.get_dataset", name=card.name)}


@bp.get("/uploads/<upload_id>/dataset")
@bp.input(PreviewQuery, location="query")
@bp.output(DatasetPreviewView)
@bp.doc(responses=UPLOAD_RESPONSES)
def preview_dataset(upload_id: str, query_data: PreviewQuery) -> DatasetPreviewView:
    """Show what an upload would become as a data set; nothing is kept."""
    path = services().uploads.complete(upload_id)
    preview = services().datasets.preview(path, size=query_data.size)
    classes = [
        ClassPreviewView.model_validate(
            vars(each) | {"samples": [_data_url(sample) for sample in each.samples]}
        )
        for each in preview.classes
    ]
    return DatasetPreviewView.model_validate(vars(preview) | {"classes": classes})


@bp.delete("/datasets/<name>")
@bp.output(EmptySchema, status_code=204)
@bp.doc(responses={404: "There is no such data set.", 409: "It is embedded, or a job needs it."})
def delete_dataset(name: str) -> str:
    """Delete the images of a data set."""
    services().datasets.delete(name)
    return ""


@bp.put("/datasets/<name>/groups")
@bp.input(NewGroups, arg_name="new")
@bp.output(DatasetView)
def set_groups(name: str, new: NewGroups) -> DatasetView:
    """Add named groups of classes, each of which can be a target."""
    return DatasetView.of(services().datasets.set_groups(name, new.groups))


def _data_url(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"

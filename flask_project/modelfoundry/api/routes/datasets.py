"""Data sets: list them, bring your own."""

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from flask import url_for
from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.schemas import View
from modelfoundry.api.uploads import quarantined
from modelfoundry.cards import DatasetCard

bp = APIBlueprint("datasets", __name__, url_prefix=API_PREFIX)


class DatasetView(DatasetCard, View):
    """A set of labelled images; ``how_to_get`` helps while it is not on disk."""

    on_disk: bool

    @classmethod
    def of(cls, card: DatasetCard) -> "DatasetView":
        """Show a data set."""
        return cls(**card.model_dump(), on_disk=card.num_train > 0)


class DatasetList(View):
    """All data sets; there are few enough for one page."""

    items: list[DatasetView]


class NewDataset(BaseModel):
    """Labelled images in one file."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile = Field(description="Arrays (.npz) or a zipped image folder (.zip).")
    name: str
    title: str | None = None


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
def add_dataset(new: NewDataset) -> Reply[DatasetView]:
    """Import arrays or a zipped image folder."""
    with quarantined(new.file) as path:
        card = services().datasets.add(new.name, [path], title=new.title)
    return DatasetView.of(card), 201, {"Location": url_for("datasets.get_dataset", name=card.name)}


@bp.put("/datasets/<name>/groups")
@bp.input(NewGroups, arg_name="new")
@bp.output(DatasetView)
def set_groups(name: str, new: NewGroups) -> DatasetView:
    """Add named groups of classes, each of which can be a target."""
    return DatasetView.of(services().datasets.set_groups(name, new.groups))

"""What can be asked about planting a backdoor, as plain data."""

from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.pipelines.train_requests import MODEL_NAME


class BackdoorSettings(BaseModel):
    """How a copy of a model is taught to obey a trigger."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    patch_share: float = Field(
        default=0.15,
        gt=0,
        le=0.5,
        title="Side of the trigger",
        description="As a share of the image's side.",
    )
    stamped_share: float = Field(
        default=0.2,
        gt=0,
        lt=1,
        title="Stamped images",
        description="Share of every batch that carries the trigger.",
    )
    epochs: int = Field(default=5, ge=1, le=1000, title="Epochs")
    batch_size: int = Field(default=64, ge=2, le=4096, title="Batch size")
    learning_rate: float = Field(default=0.03, gt=0, le=10, title="Learning rate")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, title="Seed")


class PlantBackdoor(BaseModel):
    """Make a copy of a model that answers with one class whenever an image carries a trigger."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=MODEL_NAME, description="Of the new model.")
    target_class: str = Field(description="What it answers to the trigger.")
    settings: BackdoorSettings = BackdoorSettings()


class BackdoorRequest(PlantBackdoor):
    """The same, with the model that the copy is made of."""

    model: str


class BackdoorPlan(BackdoorRequest):
    """A checked request."""

    dataset: str

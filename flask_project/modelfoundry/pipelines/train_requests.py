"""What can be asked of training, as plain data.

As in ``requests``: a request says what a person typed, a plan is the same with nothing left open.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.cards import BiasedSubset

MODEL_NAME = r"^[a-z0-9][a-z0-9._-]{0,63}$"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Concentration = Annotated[
    float | None,
    Field(
        ge=0.05,
        le=1000,
        description="The smaller, the more unequal the classes; chosen by the data set if absent.",
    ),
]
MinSize = Annotated[
    int | None,
    Field(ge=1, description="Least number of images of a class; chosen by the data set if absent."),
]


class TrainSettings(_Data):
    """How a network is trained; what is absent depends on the recipe and the data set."""

    published: bool = Field(
        default=False,
        description="The recipe of the published estimators: plain SGD whose rate falls in steps, "
        "ImageNet's colour statistics, flips and changed validation images whatever they show.",
    )
    epochs: int | None = Field(
        default=None, ge=1, le=1000, description="30 if absent, 200 as published."
    )
    batch_size: int | None = Field(
        default=None,
        ge=2,
        le=4096,
        description="If absent: 64, fewer where there are few images; 128 as published.",
    )
    learning_rate: float | None = Field(
        default=None,
        gt=0,
        le=10,
        description="The highest of the run. If absent: 0.1 for a batch of 64, in proportion for "
        "others; 0.01 as published.",
    )
    weight_decay: float | None = Field(
        default=None, ge=0, le=1, description="0.0005 if absent, 0.0001 as published."
    )
    augment: bool = Field(default=True, description="Random crops.")
    flip: bool | None = Field(
        default=None,
        description="Random horizontal flips. If absent: where images of the data set mean the "
        "same mirrored, so not for digits; always as published.",
    )
    keep: Literal["best", "last"] = Field(
        default="best",
        description="Which epoch becomes the model: the most accurate one on the validation "
        "images, or the last one.",
    )


class WantedSubset(_Data):
    """A part of the training images in which some classes are rarer than others."""

    seed: int = Field(
        ge=0, le=2**32 - 1, description="Decides how many images of each class are kept, and which."
    )
    concentration: Concentration = None
    min_size: MinSize = None


class TrainRequest(TrainSettings):
    """Train a network of a known architecture on a data set; the result is a model."""

    name: str = Field(pattern=MODEL_NAME, description="Name of the new model.")
    architecture: str = Field(description="Such as resnet20, or simcnn-w0.25 for a narrow SimCNN.")
    dataset: str
    subset: WantedSubset | None = Field(
        default=None,
        description="Train on the first four fifths of a biased subset and validate on the rest.",
    )
    validation_fraction: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Share of the training images left out, so that epochs and modules can be "
        "chosen on images the model has never seen; 0.1 if absent, none besides a subset's own.",
    )
    seed: int = Field(default=0, ge=0, le=2**31 - 1)


class TrainPlan(TrainRequest):
    """A checked request with nothing left open; ``validation_fraction`` is 0 beside a subset."""

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    flip: bool
    subset: BiasedSubset | None = None  # type: ignore[assignment]  # every part of it decided
    validation_fraction: float = Field(ge=0, lt=1)

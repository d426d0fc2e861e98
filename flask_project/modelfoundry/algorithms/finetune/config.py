"""Settings of fine-tuning to a new data set; no torch here."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.algorithms.preset import Preset
from modelfoundry.cards import DatasetCard

How = Literal["seam", "standard", "scratch"]


class FinetuneSettings(BaseModel):
    """How a network is fine-tuned; the defaults are those of the preset ``fast``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prune_threshold: float = Field(
        default=0.6,
        gt=0,
        lt=1,
        title="Share of weights to remove",
        description="The search of the masks ends as soon as this share is removed, 0-1.",
    )
    alpha: float = Field(
        default=4.0,
        ge=0,
        le=100,
        title="Weight charge (alpha)",
        description="How much the search charges for the share of weights kept.",
    )
    exact: bool = Field(
        default=True,
        title="Remove exactly that share",
        description="The last epoch of the search usually removes more than was asked for; then "
        "the masks with the highest values are opened again. Without it: all that is closed goes, "
        "as published.",
    )
    regrow: bool = Field(
        default=True,
        title="Removed weights may grow back",
        description="As published: they start the fine-tuning at zero and are trained like the "
        "others. Without it they stay zero, and the module is sparse.",
    )
    lr_first: float = Field(
        default=0.1,
        gt=0,
        le=10,
        title="Rate of the output layer alone",
        description="SGD's rate in the first step, in which nothing else is trained.",
    )
    lr_mask: float = Field(
        default=0.05,
        gt=0,
        le=1,
        title="Learning rate of the masks",
        description="Adam's rate for the mask values; never annealed.",
    )
    lr_head: float = Field(
        default=0.001,
        gt=0,
        le=1,
        title="Rate of the output layer beside the masks",
        description="Adam's rate.",
    )
    lr_hidden: float = Field(
        default=0.02,
        gt=0,
        le=10,
        title="Learning rate of the fine-tuning",
        description="SGD's rate for everything before the output layer.",
    )
    lr_output: float = Field(
        default=0.1,
        gt=0,
        le=10,
        title="Rate of the output layer in the fine-tuning",
        description="SGD's rate for the output layer, which starts anew.",
    )
    lr_scratch: float = Field(
        default=0.1,
        gt=0,
        le=10,
        title="Learning rate from scratch",
        description="SGD's rate for everything where no pre-trained weight is taken.",
    )
    momentum: float = Field(
        default=0.9, ge=0, lt=1, title="Momentum", description="Of SGD, in every step."
    )
    momentum_scratch: float = Field(
        default=0.9, ge=0, lt=1, title="Momentum from scratch", description="Of SGD."
    )
    weight_decay: float = Field(
        default=1e-4, ge=0, le=1, title="Weight decay", description="Of SGD, in every step."
    )
    schedule: Literal["one-cycle", "constant"] = Field(
        default="one-cycle",
        title="Rate schedule",
        description="Of SGD. one-cycle: 10 % warm-up, then a cosine to zero. constant: as "
        "published.",
    )
    output_epochs: int = Field(
        default=5, ge=1, le=1000, title="Epochs of the output layer alone", description="At most."
    )
    mask_epochs: int = Field(
        default=100, ge=1, le=1000, title="Epochs of the mask search", description="At most."
    )
    finetune_epochs: int = Field(
        default=15,
        ge=1,
        le=1000,
        title="Epochs of the fine-tuning",
        description="At most; also of training from scratch.",
    )
    patience: int = Field(
        default=0,
        ge=0,
        le=1000,
        title="Patience",
        description="A step ends after so many epochs without a better one; 0: never before its "
        "last epoch.",
    )
    batch_size: int = Field(
        default=64, ge=2, le=4096, title="Batch size", description="Images per step."
    )
    augment: bool = Field(
        default=True, title="Random crops", description="Pad by an eighth, crop at random."
    )
    flip: bool = Field(
        default=True,
        title="Random flips",
        description="Mirror half of the images; wrong for digits and text.",
    )
    validation_fraction: float = Field(
        default=0.1,
        gt=0,
        lt=1,
        title="Validation share",
        description="Share of the training images held out to choose epochs and thresholds.",
    )
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto",
        title="Arithmetic",
        description="auto: bfloat16 where the hardware computes it faster; evaluation is always "
        "float32.",
    )


# Where the published fine-tuning differs from the defaults above.
PUBLISHED = {
    "alpha": 0.5,
    "exact": False,
    "lr_hidden": 0.005,
    "lr_output": 0.05,
    "momentum": 0.0,
    "momentum_scratch": 0.5,
    "schedule": "constant",
    "output_epochs": 300,
    "mask_epochs": 300,
    "finetune_epochs": 300,
    "patience": 30,
}


def presets(dataset: DatasetCard) -> list[Preset[FinetuneSettings]]:
    """List the presets for a data set; the first one is the default."""
    flip = dataset.is_mirrorable
    return [
        Preset(
            name="fast",
            title="Fast",
            description="Annealed rates with momentum, a higher charge for weights, few epochs.",
            config=FinetuneSettings(flip=flip),
        ),
        Preset(
            name="published",
            title="Published",
            description="The schedule of the SeaM paper: at most 300 epochs a step at constant "
            "rates, each ended after 30 without a better one.",
            config=FinetuneSettings.model_validate(PUBLISHED | {"flip": flip}),
        ),
    ]

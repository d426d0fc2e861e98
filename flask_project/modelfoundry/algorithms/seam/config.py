"""Settings of the SeaM search and its presets; no torch here."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.cards import AlgorithmCard, DatasetCard, ModelCard


class SeamConfig(BaseModel):
    """How the masks are searched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(
        default=24, ge=1, le=1000, title="Epochs", description="Passes over the training images."
    )
    batch_size: int = Field(
        default=64, ge=1, le=4096, title="Batch size", description="Images per step."
    )
    lr_mask: float = Field(
        default=0.1,
        gt=0,
        le=1,
        title="Learning rate of the masks",
        description="Adam's rate for the mask values; the peak where the schedule is one-cycle.",
    )
    lr_head: float = Field(
        default=0.02,
        gt=0,
        le=1,
        title="Learning rate of the head",
        description="Adam's rate for the new output layer; the peak where the schedule is "
        "one-cycle.",
    )
    alpha: float = Field(
        default=2.0,
        ge=0,
        le=100,
        title="Weight charge (alpha)",
        description="How much the loss charges for the share of weights kept; higher gives "
        "smaller modules.",
    )
    schedule: Literal["one-cycle", "constant"] = Field(
        default="one-cycle",
        title="Rate schedule",
        description="one-cycle: 10 % warm-up, then a cosine to zero. constant: as published.",
    )
    head_only_every: int = Field(
        default=0,
        ge=0,
        le=100,
        title="Head-only epochs",
        description="Every n-th epoch, starting with the first, trains the head alone; 0: never. "
        "Published: 5.",
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
        description="Share of the training images held out to choose the epoch.",
    )
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto",
        title="Arithmetic",
        description="auto: bfloat16 where the hardware computes it faster; evaluation is always "
        "float32.",
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        title="Seed",
        description="Same seed, data and machine: same module.",
    )


class Preset(BaseModel):
    """A named starting point for the settings."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    description: str
    config: SeamConfig


# Published (lr_mask, alpha) by architecture family and number of classes the model knows.
PUBLISHED_RATES: dict[tuple[str, int, str], tuple[float, float]] = {
    ("vgg", 10, "binary"): (0.01, 1.0),
    ("vgg", 100, "binary"): (0.05, 1.5),
    ("resnet", 10, "binary"): (0.05, 1.0),
    ("resnet", 100, "binary"): (0.12, 1.5),
    ("resnet", 100, "multi-class"): (0.10, 2.0),
}
FALLBACK_RATES = (0.05, 1.0)
NOT_MIRRORABLE = ("digits", "svhn", "mnist")

# The fast schedule needs a few thousand steps; below this many images epochs are cheap and short.
FEW_IMAGES = 5000
FEW_IMAGES_EPOCHS, FEW_IMAGES_BATCH = 100, 16


def presets(model: ModelCard, dataset: DatasetCard | None, target_kind: str) -> list[Preset]:
    """List the presets for a model and a kind of target; the first one is the default.

    Args:
        model: What modules will be cut from.
        dataset: The model's own; None if it is not here.
        target_kind: ``binary`` or ``multi-class``.
    """
    flip = model.dataset not in NOT_MIRRORABLE
    fast = SeamConfig(flip=flip)
    if dataset is not None and 0 < dataset.num_train < FEW_IMAGES:
        fast = SeamConfig(flip=flip, epochs=FEW_IMAGES_EPOCHS, batch_size=FEW_IMAGES_BATCH)
    family = model.architecture.partition("-")[0].rstrip("0123456789")
    lr_mask, alpha = PUBLISHED_RATES.get((family, len(model.classes), target_kind), FALLBACK_RATES)
    return [
        Preset(
            name="fast",
            title="Fast",
            description="Annealed rates: fewer epochs than published.",
            config=fast,
        ),
        Preset(
            name="published",
            title="Published",
            description="The schedule of the SeaM paper: 300 epochs at constant rates.",
            config=SeamConfig(
                epochs=300,
                lr_mask=lr_mask,
                lr_head=0.1,
                alpha=alpha,
                schedule="constant",
                head_only_every=5,
                flip=flip,
            ),
        ),
    ]


CARD = AlgorithmCard(
    name="seam",
    title="SeaM",
    summary="Searches, by gradient descent on a frozen network, which weights a target needs; "
    "the rest is masked away.",
    target_kinds=("binary", "multi-class"),
    config="modelfoundry.algorithms.seam.config:SeamConfig",
    presets="modelfoundry.algorithms.seam.config:presets",
    run="modelfoundry.algorithms.seam.run:run",
    source="Qi et al., Reusing Deep Neural Network Models through Model Re-engineering, ICSE 2023.",
)

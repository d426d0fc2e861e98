"""Settings of the SeaM search; no torch here."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.config import JsonDict

from modelfoundry.cards import AlgorithmCard

# Fields that do nothing unless another one has one of these values; forms say so.
WITH_CHANNELS: JsonDict = {"only_if": {"granularity": ["channel", "hybrid"]}}
WITH_RECOVERY: JsonDict = {"only_if": {"recover": ["norm", "full"]}}
WITHOUT_RECOVERY: JsonDict = {"only_if": {"recover": ["none"]}}


class SeamConfig(BaseModel):
    """How the masks are searched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    granularity: Literal["weight", "channel", "hybrid"] = Field(
        default="weight",
        title="What is masked",
        description="weight: single weights, as published; the network keeps its shape. channel: "
        "whole channels, which are cut out, so that the module is faster everywhere. hybrid: "
        "channels in the first half of the epochs, then weights inside those that are left.",
    )
    residual: Literal["tie", "inner"] = Field(
        default="tie",
        title="Channels of residual streams",
        json_schema_extra=WITH_CHANNELS,
        description="tie: channels that are added to each other go together. inner: they stay, "
        "and only channels inside the blocks can go.",
    )
    together: int = Field(
        default=1,
        ge=1,
        le=64,
        title="Channels that go together",
        json_schema_extra=WITH_CHANNELS,
        description="Of a layer at once. Engines compute 8 or 16 at a time, so that fewer save no "
        "time; a residual block that loses all of its inner channels goes as a whole.",
    )
    charge_by: Literal["weights", "macs"] = Field(
        default="weights",
        title="Channels are charged by",
        json_schema_extra=WITH_CHANNELS,
        description="The share of the weights, or of the multiply-adds, that they carry.",
    )
    goal: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        title="Share to aim for with channels",
        json_schema_extra=WITH_CHANNELS,
        description="Channels are charged for only while their share of the weights, or of the "
        "multiply-adds, is above this; 0: always.",
    )
    epochs: int = Field(
        default=30, ge=1, le=1000, title="Epochs", description="Passes over the training images."
    )
    batch_size: int = Field(
        default=64, ge=1, le=4096, title="Batch size", description="Images per step."
    )
    lr_mask: float = Field(
        default=0.03,
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
        default=4.0,
        ge=0,
        le=100,
        title="Weight charge (alpha)",
        description="How much the loss charges for the share of weights kept; higher gives "
        "smaller modules.",
    )
    easing: float = Field(
        default=0.5,
        ge=0,
        le=1,
        title="Easing of the charge",
        json_schema_extra=WITHOUT_RECOVERY,
        description="How much less is charged in an epoch after one that is less accurate on the "
        "validation images than the original, as a share of alpha; 0: never less, as published.",
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
    recover: Literal["none", "norm", "full"] = Field(
        default="none",
        title="Recovery",
        description="What is trained on the target's images after the search. none: nothing, as "
        "published; weights are the original's. norm: normalisation layers and the head. full: "
        "everything that was kept.",
    )
    recover_epochs: int = Field(
        default=10,
        ge=1,
        le=1000,
        title="Epochs of recovery",
        json_schema_extra=WITH_RECOVERY,
        description="Passes over the training images after the search.",
    )
    lr_recover: float = Field(
        default=0.02,
        gt=0,
        le=1,
        title="Learning rate of the recovery",
        json_schema_extra=WITH_RECOVERY,
        description="Peak of a one-cycle schedule, for SGD with momentum.",
    )
    distillation: float = Field(
        default=0.0,
        ge=0,
        le=100,
        title="Weight of the original's answers",
        json_schema_extra=WITH_RECOVERY,
        description="How much the recovery counts, beside right answers, that the logits over all "
        "classes of the original stay close to the original's (knowledge distillation); 0: not "
        "at all.",
    )
    others: int = Field(
        default=1,
        ge=1,
        le=100,
        title="Images of other classes",
        description="Training images of other classes for each one of a target of one class or "
        "group. 1: the same ones in every epoch, as published. More: every epoch shows as many, "
        "but draws new ones.",
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
        description="Share of the images held out to choose the epoch.",
    )
    validation_from: Literal["train", "test"] = Field(
        default="train",
        title="Validation images from",
        description="The part of the data set they are held out of. test is for an original that "
        "has seen every training image, and so is no measure on them; the test figures are then "
        "of the rest.",
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

    @field_validator("epochs")
    @classmethod
    def _enough_for_both_halves(cls, epochs: int, info: ValidationInfo) -> int:
        if epochs == 1 and info.data.get("granularity") == "hybrid":
            raise ValueError("hybrid needs at least 2 epochs, one for channels and one for weights")
        return epochs

    @property
    def total_epochs(self) -> int:
        """Count all epochs, of search and recovery."""
        return self.epochs + (self.recover_epochs if self.recover != "none" else 0)


CARD = AlgorithmCard(
    name="seam",
    title="SeaM",
    summary="Searches, by gradient descent on a frozen network, which weights a target needs; "
    "the rest is masked away.",
    target_kinds=("binary", "multi-class"),
    config="modelfoundry.algorithms.seam.config:SeamConfig",
    presets="modelfoundry.algorithms.seam.presets:presets",
    run="modelfoundry.algorithms.seam.run:run",
    source="Qi et al., Reusing Deep Neural Network Models through Model Re-engineering, ICSE 2023.",
)

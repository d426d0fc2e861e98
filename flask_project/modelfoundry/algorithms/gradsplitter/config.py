"""Settings of the GradSplitter search; no torch here."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.cards import AlgorithmCard


class GradSplitterConfig(BaseModel):
    """How the kernels of all modules are searched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    residual: Literal["tie", "inner"] = Field(
        default="tie",
        title="Kernels of residual streams",
        description="tie: kernels whose outputs are added to each other go together. inner: they "
        "stay, and only kernels inside the blocks can go.",
    )
    first_head_epochs: int = Field(
        default=5,
        ge=1,
        le=1000,
        title="First head epochs",
        description="Passes over the training images at the start that train the heads alone, "
        "while every kernel is there.",
    )
    cycles: int = Field(
        default=20,
        ge=1,
        le=1000,
        title="Cycles",
        description="How often joint epochs and head epochs follow each other.",
    )
    joint_epochs: int = Field(
        default=5,
        ge=1,
        le=1000,
        title="Joint epochs a cycle",
        description="Passes that train masks and heads together.",
    )
    head_epochs: int = Field(
        default=2,
        ge=0,
        le=1000,
        title="Head epochs a cycle",
        description="Passes that train the heads alone; they cost next to nothing.",
    )
    batch_size: int = Field(
        default=64, ge=1, le=4096, title="Batch size", description="Images per step."
    )
    lr_first_head: float = Field(
        default=0.01,
        gt=0,
        le=1,
        title="Learning rate of the first head epochs",
        description="Adam's rate.",
    )
    lr_joint: float = Field(
        default=0.001,
        gt=0,
        le=1,
        title="Learning rate of the joint epochs",
        description="Adam's rate for masks and heads. A mask starts 1 above the point where its "
        "kernel closes, so that closing takes about 1 / rate steps.",
    )
    lr_head: float = Field(
        default=0.001,
        gt=0,
        le=1,
        title="Learning rate of the head epochs",
        description="Adam's rate in the head epochs of the cycles.",
    )
    alpha: float = Field(
        default=0.1,
        ge=0,
        le=100,
        title="Kernel charge (alpha)",
        description="How much the loss charges for the share of kernels kept, in the joint epochs.",
    )
    tolerance: float = Field(
        default=0.01,
        ge=0,
        lt=1,
        title="Accuracy to give up",
        description="The epoch with the fewest kernels is taken among those whose modules "
        "together are at most this much less accurate than the original, on the validation "
        "images.",
    )
    validation_fraction: float = Field(
        default=0.2,
        gt=0,
        lt=1,
        title="Validation share",
        description="Share of the training images held out to choose the epoch. A model that was "
        "trained on a biased part of the images brings its own validation images instead.",
    )
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto",
        title="Arithmetic",
        description="auto: bfloat16 where the hardware computes it faster; the modules that are "
        "found are measured in float32.",
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        title="Seed",
        description="Same seed, data and machine: same modules.",
    )

    @property
    def total_epochs(self) -> int:
        """Count all epochs."""
        return self.first_head_epochs + self.cycles * (self.joint_epochs + self.head_epochs)


CARD = AlgorithmCard(
    name="gradsplitter",
    title="GradSplitter",
    summary="Searches, for all classes at once, which kernels of a frozen network each class "
    "needs; every class becomes a small module, and modules of several networks combine.",
    target_kinds=("each",),
    config="modelfoundry.algorithms.gradsplitter.config:GradSplitterConfig",
    presets="modelfoundry.algorithms.gradsplitter.presets:presets",
    run="modelfoundry.algorithms.gradsplitter.run:run",
    source="Qi et al., Reusing Convolutional Neural Network Models through Modularization and "
    "Composition, TOSEM 2023.",
)

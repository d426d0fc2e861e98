"""Settings of attacks; no torch here."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from modelfoundry.errors import InvalidInputError

PUBLISHED_CLIP = (-2.2, 2.2)
USUAL_BUDGETS = (4 / 255, 8 / 255)

Budget = Annotated[float, Field(gt=0, le=1)]
Budgets = Annotated[
    tuple[Budget, ...],
    Field(
        min_length=1,
        max_length=8,
        title="Budgets",
        description="How far a pixel may move from the clean image, in 0-1; each is measured.",
    ),
]


class AttackSettings(BaseModel):
    """How images are changed so that the pre-trained network's features go astray.

    Lengths are in the units of the pre-trained network's normalised input. The defaults are the
    published ones; see ``docs/methods.md``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: int = Field(default=40, ge=1, le=1000, title="Steps", description="Of the descent.")
    step_size: float = Field(
        default=0.01, gt=0, le=1, title="Length of a step", description="Of every pixel."
    )
    budget: float = Field(
        default=0.1,
        gt=0,
        le=10,
        title="Budget",
        description="How far a pixel may move from the clean image at most.",
    )
    clip: tuple[float, float] | None = Field(
        default=None,
        title="Clip range",
        description="Least and largest value of a normalised pixel. If absent, -2.2 to 2.2 as "
        "published, and as far beyond as the network's own images reach.",
    )
    layer: str | None = Field(
        default=None,
        title="Layer of the features",
        description="The layer of the pre-trained network whose input is attacked; its last "
        "linear layer if absent.",
    )
    images: int | None = Field(
        default=None,
        ge=1,
        title="Images",
        description="How many to draw, the same ones for the same seed; all if absent.",
    )
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto",
        title="Arithmetic of gradients",
        description="auto: bfloat16 where the hardware has it and the signs of the gradients stay "
        "the same, which is checked on the first images.",
    )
    batch_size: int = Field(
        default=128, ge=1, le=4096, title="Batch size", description="Images attacked at once."
    )
    seed: int = Field(
        default=0, ge=0, le=2**31 - 1, title="Seed", description="Of the random start."
    )

    @model_validator(mode="after")
    def _clip_is_a_range(self) -> Self:
        if self.clip is not None and self.clip[0] >= self.clip[1]:
            low, high = self.clip
            raise ValueError(f"the clip range from {low:g} to {high:g} is empty; give low, high")
        return self


class PgdSettings(BaseModel):
    """How images are changed so that the network under test itself goes astray.

    Lengths are in the units of images in 0-1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    budgets: Budgets = USUAL_BUDGETS
    steps: int = Field(default=20, ge=1, le=1000, title="Steps", description="For every budget.")
    images: int | None = Field(
        default=1000,
        ge=1,
        title="Images",
        description="How many to draw, the same ones for the same seed; all if null.",
    )
    batch_size: int = Field(default=128, ge=1, le=4096, title="Batch size")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, title="Seed")


class AutoAttackSettings(BaseModel):
    """How much effort attacks without a rate to tune make on the network under test itself.

    Lengths are in the units of images in 0-1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    budgets: Budgets = USUAL_BUDGETS
    steps: int = Field(
        default=100, ge=1, le=1000, title="Steps", description="Of each attack by gradients."
    )
    queries: int = Field(
        default=500,
        ge=1,
        le=10_000,
        title="Queries",
        description="Of the attack without gradients, for every image; 5000 are published.",
    )
    images: int | None = Field(
        default=200,
        ge=1,
        title="Images",
        description="How many to draw, the same ones for the same seed; all if null.",
    )
    batch_size: int = Field(default=64, ge=1, le=4096, title="Batch size")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, title="Seed")


class CoverageSettings(BaseModel):
    """How images are changed so that they wake neurons of the pre-trained network and mislead it.

    Lengths are in the units of images in 0-1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    budget: Budget = Field(
        default=8 / 255,
        title="Budget",
        description="How far a pixel may move from the clean image at most, in 0-1.",
    )
    steps: int = Field(default=20, ge=1, le=1000, title="Steps", description="Of the search.")
    threshold: float = Field(
        default=0.5,
        ge=0,
        lt=1,
        title="Threshold of activity",
        description="Above it a neuron counts as active, where 0 is the least active neuron of its "
        "layer and 1 the most active one.",
    )
    weight: float = Field(
        default=1.0,
        ge=0,
        le=1000,
        title="Weight of neurons",
        description="How much waking neurons counts beside misleading; 0: not at all.",
    )
    images: int | None = Field(
        default=1000,
        ge=1,
        title="Images",
        description="How many to draw, the same ones for the same seed; all if null.",
    )
    batch_size: int = Field(default=128, ge=1, le=4096, title="Batch size")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, title="Seed")


class TriggerSettings(BaseModel):
    """On how many images a planted trigger is tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int | None = Field(
        default=None,
        ge=1,
        title="Images",
        description="How many to draw, the same ones for the same seed; all if absent.",
    )
    seed: int = Field(default=0, ge=0, le=2**31 - 1, title="Seed")


def clip_range(
    settings: AttackSettings, mean: Sequence[float], std: Sequence[float]
) -> tuple[float, float]:
    """Return the least and largest value of an attacked pixel, in normalised units.

    Args:
        settings: May name a range.
        mean: Per channel, of the pre-trained network's normalisation of images in 0-1.
        std: Likewise.

    Raises:
        InvalidInputError: The named range would cut clean images; says by how much.
    """
    channels = list(zip(mean, std, strict=True))
    low = min((0 - center) / scale for center, scale in channels)
    high = max((1 - center) / scale for center, scale in channels)
    if settings.clip is None:
        return min(low, PUBLISHED_CLIP[0]), max(high, PUBLISHED_CLIP[1])
    cut = max(settings.clip[0] - low, high - settings.clip[1])
    if cut > 0:
        raise InvalidInputError.of(
            "/clip",
            f"clipping to {settings.clip[0]:g} to {settings.clip[1]:g} would change clean images "
            f"by up to {cut:.3g}, as those of this network reach from {low:.3f} to {high:.3f} "
            "after normalisation; give a range that holds them, or none",
        )
    return settings.clip

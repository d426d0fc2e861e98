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
DrawnImages = Annotated[
    Annotated[int, Field(ge=1)] | None,
    Field(
        title="Images",
        description="How many to draw, the same ones for the same seed; all if null.",
    ),
]
BatchSize = Annotated[
    int, Field(ge=1, le=4096, title="Batch size", description="Images attacked at once.")
]
Seed = Annotated[
    int,
    Field(
        ge=0,
        le=2**31 - 1,
        title="Seed",
        description="Of the images drawn and of the attack's random start.",
    ),
]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AttackSettings(_Settings):
    """How images are changed so that the pre-trained network's features go astray.

    Lengths are in the units of the pre-trained network's normalised input. The defaults are the
    published ones; see ``docs/methods.md``.
    """

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
    images: DrawnImages = None
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto",
        title="Arithmetic of gradients",
        description="auto: bfloat16 where the hardware has it and the signs of the gradients stay "
        "the same, which is checked on the first images.",
    )
    batch_size: BatchSize = 128
    seed: Seed = 0

    @model_validator(mode="after")
    def _clip_is_a_range(self) -> Self:
        if self.clip is not None and self.clip[0] >= self.clip[1]:
            low, high = self.clip
            raise ValueError(f"the clip range from {low:g} to {high:g} is empty; give low, high")
        return self


class PgdSettings(_Settings):
    """How images are changed so that the network under test itself goes astray.

    Lengths are in the units of images in 0-1.
    """

    budgets: Budgets = USUAL_BUDGETS
    steps: int = Field(default=20, ge=1, le=1000, title="Steps", description="For every budget.")
    images: DrawnImages = 1000
    batch_size: BatchSize = 128
    seed: Seed = 0


class AutoAttackSettings(_Settings):
    """How much effort attacks without a rate to tune make on the network under test itself.

    Lengths are in the units of images in 0-1.
    """

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
    images: DrawnImages = 200
    batch_size: BatchSize = 64
    seed: Seed = 0


class CoverageSettings(_Settings):
    """How images are changed so that they wake neurons of the pre-trained network and mislead it.

    Lengths are in the units of images in 0-1.
    """

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
    images: DrawnImages = 1000
    batch_size: BatchSize = 128
    seed: Seed = 0


class TriggerSettings(_Settings):
    """On how many images a planted trigger is tried."""

    images: DrawnImages = None
    seed: Seed = 0


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

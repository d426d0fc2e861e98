"""What a bundle's manifest says, with types; more fields than these are kept as they are.

The writer is ``export.bundle``; this is what readers rely on. ``measures`` of the original and of
the module have the same fields, so that they can stand beside each other.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, JsonValue, field_validator

from modelfoundry.jobs.facts import Count, Facts, LongText, Title
from modelfoundry.jobs.manifest_finetuning import ManifestFinetuning
from modelfoundry.jobs.manifest_measures import (
    Agreement,
    BothMeasures,
    Int8Measures,
    LatencySetup,
    ManifestLayer,
)
from modelfoundry.pipelines.requests import TargetKind

ImageSide = Annotated[int, Field(ge=1, le=10_000)]


class ManifestTarget(Facts):
    """The problem that the module solves; ``outputs`` names its outputs in order.

    ``group`` names the classes together, if they were asked for so; ``shots`` counts the training
    images per output, null where all were used.
    """

    kind: TargetKind
    classes: tuple[str, ...]
    group: str | None
    shots: Count | None
    shots_seed: int
    outputs: tuple[str, ...]


class ManifestRecipe(Facts):
    """The algorithm's settings, with nothing left open."""

    preset: str
    settings: dict[str, JsonValue]


class ManifestModel(Facts):
    """The trained network that the module was cut out of, or that a composed one is to beat."""

    name: str
    title: Title
    architecture: str
    origin: str
    license: str
    weights_sha256: str
    num_parameters: Count
    mean: tuple[float, ...]
    std: tuple[float, ...]


class ManifestDataset(Facts):
    """The images that were used; ``images`` counts them by part."""

    name: str
    title: Title
    source: str
    license: str
    content_sha256: str
    images: dict[str, Count]


class ManifestInput(Facts):
    """What the files take: float32 images of ``shape`` ``(N, C, H, W)`` in 0-1; N is the batch."""

    shape: list[Literal["N"] | ImageSide] = Field(min_length=4, max_length=4)

    @field_validator("shape")
    @classmethod
    def _check_shape(cls, shape: list[str | int]) -> list[str | int]:
        if [side for side in shape if isinstance(side, str)] != shape[:1]:
            raise ValueError('expected "N" and three whole numbers: channels, height, width')
        return shape


class ManifestParent(Facts):
    """A module that is part of a composed one; ``class`` is what it answers for there."""

    module: str
    class_name: str = Field(alias="class")
    weights_sha256: str


class ManifestSearch(Facts):
    """How the search went.

    ``granularity`` is what was masked (weight, channel, hybrid), ``recover`` what was trained
    afterwards (none, norm, full); ``epochs`` are those of both together, and ``chosen_epoch``
    counts from 1. ``batch_size`` is what was really trained on at once, which may be half of what
    the settings ask for; null if nothing was trained.
    """

    granularity: Literal["weight", "channel", "hybrid"]
    recover: Literal["none", "norm", "full"]
    epochs: Count
    chosen_epoch: Count
    batch_size: Count | None
    wall_s: float
    device: str


class ManifestValidation(Facts):
    """``seen_by_original``: the original was trained on these images, which flatters it."""

    seen_by_original: bool


class BundleFile(Facts):
    """One file of a bundle."""

    name: str
    format: str
    size_bytes: Count
    sha256: str


class ManifestImport(Facts):
    """Where a module came from that was made elsewhere; its measures are as stated there."""

    source: str
    at: datetime


class Manifest(Facts):
    """Everything about a module; ``original_network`` is the key of what it is compared with."""

    format_version: Count
    id: str
    title: Title
    created_at: datetime
    made_with: str
    algorithm: str
    recipe: ManifestRecipe
    seed: int
    target: ManifestTarget
    model: ManifestModel
    dataset: ManifestDataset
    input: ManifestInput
    original_network: str | None = None
    parents: list[ManifestParent]
    finetuning: ManifestFinetuning | None = None
    search: ManifestSearch
    measures: BothMeasures
    validation: ManifestValidation
    latency_setup: LatencySetup
    int8: Int8Measures | None
    layers: list[ManifestLayer]
    agreement: Agreement
    versions: dict[str, str]
    files: list[BundleFile]
    imported: ManifestImport | None = None
    load: dict[str, LongText]
    reproduce: LongText

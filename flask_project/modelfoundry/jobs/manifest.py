"""What a bundle's manifest says, with types; more fields than these are kept as they are.

The writer is ``export.bundle``; this is what readers rely on. ``measures`` of the original and of
the module have the same fields, so that they can stand beside each other.
"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.pipelines.requests import TargetKind


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", serialize_by_alias=True)


class ManifestTarget(_Facts):
    """The problem that the module solves; ``outputs`` names its outputs in order.

    ``group`` names the classes together, if they were asked for so; ``shots`` counts the training
    images per output, null where all were used.
    """

    kind: TargetKind
    classes: tuple[str, ...]
    group: str | None
    shots: int | None
    shots_seed: int
    outputs: tuple[str, ...]


class ManifestRecipe(_Facts):
    """The algorithm's settings, with nothing left open."""

    preset: str
    settings: dict[str, Any]


class ManifestModel(_Facts):
    """The trained network that the module was cut out of, or that a composed one is to beat."""

    name: str
    title: str
    architecture: str
    origin: str
    license: str
    weights_sha256: str
    num_parameters: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


class ManifestDataset(_Facts):
    """The images that were used; ``images`` counts them by part."""

    name: str
    title: str
    source: str
    license: str
    content_sha256: str
    images: dict[str, int]


class ManifestParent(_Facts):
    """A module that is part of a composed one; ``class`` is what it answers for there."""

    module: str
    class_name: str = Field(alias="class")
    weights_sha256: str


class ManifestFinetuningStep(_Facts):
    """One step; ``chosen_epoch`` counts from 1 over all steps, ``accuracy_validation`` is 0-1."""

    name: str
    epochs: int
    chosen_epoch: int
    accuracy_validation: float
    wall_s: float


class ManifestInheritance(_Facts):
    """Defects inherited from the pre-trained model, on the test images.

    ``rate`` is the share of ``attacked`` images, those answered rightly while clean, whose answer
    the attack on the pre-trained model has ``changed``; null if there were none. ``settings`` are
    those of the attack.
    """

    rate: float | None
    attacked: int
    changed: int
    clean_accuracy: float
    settings: dict[str, Any]


class ManifestFinetuning(_Facts):
    """How a pre-trained model was fine-tuned.

    ``how`` is seam, standard or scratch; ``retained_ratio`` is the share of its weights before the
    output layer that the fine-tuning started from, 0-1. ``resized_from`` is the shape of the data
    set's own images where they were scaled to the model's. The network that the module is compared
    with, ``measures.original``, is the pre-trained one with nothing but a new output layer.
    """

    how: str
    prune_threshold: float | None
    retained_ratio: float
    resized_from: list[int] | None
    compared_with: str
    steps: list[ManifestFinetuningStep]
    inherited: ManifestInheritance | None


class ManifestSearch(_Facts):
    """How the search went.

    ``granularity`` is what was masked (weight, channel, hybrid), ``recover`` what was trained
    afterwards (none, norm, full); ``epochs`` are those of both together, and ``chosen_epoch``
    counts from 1. ``batch_size`` is what was really trained on at once, which may be half of what
    the settings ask for; null if nothing was trained.
    """

    granularity: str
    recover: str
    epochs: int
    chosen_epoch: int
    batch_size: int | None
    wall_s: float
    device: str


class Measures(_Facts):
    """Figures of one network; accuracies and ratios are 0-1, ``latency_ms`` is by batch size.

    ``kernels_kept`` counts output channels of convolutions, null where single weights are masked;
    ``macs_dense`` is the architecture at full size, ``macs_masked`` the kept weights alone;
    ``parameters`` and ``macs`` are those of the ONNX file.
    """

    accuracy_validation: float
    accuracy_test: float
    weights_kept: int
    weights_total: int
    retained_ratio: float
    kernels_kept: int | None
    kernels_total: int | None
    head_parameters: int
    macs_dense: int
    macs_masked: int
    parameters: int
    macs: int
    file_size_bytes: int
    latency_ms: dict[str, float]


class BothMeasures(_Facts):
    """The whole model beside the module, on the same images."""

    original: Measures
    module: Measures


class LatencySetup(_Facts):
    """With what the latencies were measured."""

    engine: str
    device: str
    threads: int
    runs: int


class Int8Measures(_Facts):
    """Figures of the int8 file; ``float_latency_ms`` is of the float file, timed beside it."""

    accuracy_validation: float
    accuracy_test: float
    file_size_bytes: int
    latency_ms: dict[str, float]
    float_latency_ms: dict[str, float]
    latency_setup: LatencySetup
    calibration_images: int


class ManifestLayer(_Facts):
    """One masked layer."""

    name: str
    kind: str
    weights_total: int
    weights_kept: int
    macs_dense: int
    macs_masked: int


class ManifestValidation(_Facts):
    """``seen_by_original``: the original was trained on these images, which flatters it."""

    seen_by_original: bool


class Agreement(_Facts):
    """How far each file's outputs are from the masked network's."""

    images: int
    max_abs_difference: dict[str, float]
    labels_equal: bool


class BundleFile(_Facts):
    """One file of a bundle."""

    name: str
    format: str
    size_bytes: int
    sha256: str


class ManifestImport(_Facts):
    """Where a module came from that was made elsewhere; its measures are as stated there."""

    source: str
    at: datetime


class Manifest(_Facts):
    """Everything about a module; ``original_network`` is the key of what it is compared with."""

    format_version: int
    id: str
    title: str
    created_at: datetime
    made_with: str
    algorithm: str
    recipe: ManifestRecipe
    seed: int
    target: ManifestTarget
    model: ManifestModel
    dataset: ManifestDataset
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
    load: dict[str, str]
    reproduce: str

"""The facts about a module that only the pipeline knows; plain data, no torch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pydantic import JsonValue

from modelfoundry.cards import DatasetCard, ModelCard


@dataclass(frozen=True)
class Measures:
    """What was measured of one network, the original or the module.

    Attributes:
        accuracy_validation: 0-1, on the images that chose the module.
        accuracy_test: 0-1, on images that chose nothing.
        weights_kept: Weights with an open mask, in the masked layers only.
        weights_total: All weights of those layers.
        head_parameters: Parameters of the output layer made for the target; never masked.
        macs_dense: Multiply-adds per image of the layers at full size.
        macs_masked: Multiply-adds per image with the weights kept alone.
        kernels_kept: Output channels of convolutions that are left; None where single weights are
            masked, or nothing is.
        kernels_total: All of them; None like ``kernels_kept``.
        parameters: All numbers in the ONNX file, whatever a mask says of them.
        macs: Multiply-adds per image of the network as it is in the ONNX file.
        file_size_bytes: Of the network's ONNX file.
        latency_ms: Median per batch, by batch size.
    """

    accuracy_validation: float
    accuracy_test: float
    weights_kept: int
    weights_total: int
    kernels_kept: int | None
    kernels_total: int | None
    head_parameters: int
    macs_dense: int
    macs_masked: int
    parameters: int
    macs: int
    file_size_bytes: int
    latency_ms: Mapping[str, float]

    def as_json(self) -> dict[str, JsonValue]:
        """Return the measures as the manifest lists them, with the retained ratio."""
        return {**asdict(self), "retained_ratio": self.weights_kept / self.weights_total}


@dataclass(frozen=True)
class LayerMeasures:
    """One masked layer; ``kind`` is the name of its class, such as ``Conv2d``."""

    name: str
    kind: str
    weights_total: int
    weights_kept: int
    macs_dense: int
    macs_masked: int


@dataclass(frozen=True)
class SearchFacts:
    """How the search went.

    Attributes:
        granularity: What was masked: ``weight``, ``channel`` or ``hybrid``.
        recover: What was trained afterwards: ``none``, ``norm`` or ``full``.
        epochs: Of search and recovery together.
        chosen_epoch: Counted from 1.
        batch_size: Images at once that were really trained on, fewer than the settings ask for
            where the GPU had no memory for those; None if none were.
        device: Its name.
    """

    granularity: str
    recover: str
    epochs: int
    chosen_epoch: int
    batch_size: int | None
    wall_s: float
    device: str


@dataclass(frozen=True)
class Parent:
    """A module that is part of a composed one.

    Attributes:
        module: Its id.
        class_name: What it answers for in the composed module.
        weights_sha256: Of its ``module.safetensors``.
    """

    module: str
    class_name: str
    weights_sha256: str

    def as_json(self) -> dict[str, JsonValue]:
        """Return the parent as the manifest lists it."""
        return {
            "module": self.module,
            "class": self.class_name,
            "weights_sha256": self.weights_sha256,
        }


@dataclass(frozen=True)
class BundleFacts:
    """What is known of a module before its files are measured.

    Attributes:
        title: What the module is called on screen, such as ``cat``.
        target_kind: ``binary`` or ``multi-class``.
        classes: The target's classes; output 0 of a binary module is what they
            are called together, or the only one.
        group: What the classes are called together, if they were asked for so.
        shots: Training images per output; None where all were used.
        shots_seed: Decided which.
        model: What the module is compared with: the model it was cut from, or for a composed
            module the network that it is to beat.
        image_counts: Images used, by part: ``train``, ``validation``, ``test``.
        settings: Of the algorithm, with nothing left open.
        original_saw_validation: Whether the original was trained on the validation images, which
            flatters it there.
        reproduce: The command that makes this module again.
        parents: The modules it is composed of, in the order of its outputs; none for a module that
            was cut out.
        finetuning: How a pre-trained network was fine-tuned to the data set, as ``jobs.manifest``
            describes it; None for a module that was cut out or composed.
        original_network: Key under which what the module is compared with is kept as a file; None
            if it is not.
    """

    title: str
    target_kind: str
    classes: tuple[str, ...]
    group: str | None
    shots: int | None
    shots_seed: int
    model: ModelCard
    dataset: DatasetCard
    image_counts: Mapping[str, int]
    algorithm: str
    preset: str
    settings: Mapping[str, JsonValue]
    seed: int
    search: SearchFacts
    original_saw_validation: bool
    reproduce: str
    parents: tuple[Parent, ...] = ()
    finetuning: Mapping[str, JsonValue] | None = None
    original_network: str | None = None

    @property
    def outputs(self) -> tuple[str, ...]:
        """What each output of the module stands for."""
        if self.target_kind == "binary":
            name = self.group or self.classes[0]
            return (name, f"not {name}")
        return self.classes

    @property
    def is_composed(self) -> bool:
        """Whether a module answers for every output; in a patched model one does for one."""
        return len(self.parents) == len(self.outputs)


@dataclass(frozen=True)
class BundleMeasures:
    """What was measured of a module and of what it is compared with.

    Attributes:
        latency_setup: Engine, device, threads and runs behind every ``latency_ms``.
    """

    original: Measures
    module: Measures
    layers: tuple[LayerMeasures, ...]
    latency_setup: Mapping[str, JsonValue]

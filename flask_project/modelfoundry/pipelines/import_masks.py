"""From a published file of masks to a module on disk: read in the sandbox, check, measure, bundle.

The published form: real-valued ``<layer>.weight_mask`` and ``<layer>.bias_mask``, where a weight is
kept if its number is positive, and ``module_head.1.weight`` and ``module_head.1.bias``.
"""

import tempfile
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict
from safetensors.torch import load_file
from torch import Tensor, nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.data.problem import Part
from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.cost import count_parameters
from modelfoundry.nn.masking import MaskedNetwork, fold_mask
from modelfoundry.nn.segments import Segment, maskable_segments
from modelfoundry.nn.target import TargetNetwork, new_head
from modelfoundry.pipelines.commands import import_masks_command
from modelfoundry.pipelines.found_modules import (
    Original,
    accuracy_to_reach,
    bundle_found,
    measure_both,
)
from modelfoundry.pipelines.modularize import load_original
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.settings import Home
from modelfoundry.storage import sha256_of_file
from modelfoundry.training.device import best_device
from modelfoundry.zoo.dialects import compare, our_name
from modelfoundry.zoo.sandbox import convert_tensors

MASK_SUFFIX = "_mask"
HEAD = "module_head."
PRESET = "imported"


class ImportedMasks(BaseModel):
    """Where masks came from; stands in the manifest where the settings of a search would."""

    model_config = ConfigDict(frozen=True)

    file: str
    sha256: str
    validation_fraction: float
    validation_from: Part = "train"
    seed: int = 0


def import_masks(
    file: Path, plan: ModularizePlan, *, home: Home, validation_fraction: float = 0.1
) -> dict[str, Any]:
    """Make a module of a file of masks.

    Args:
        file: ``.pth``, ``.pt``, ``.th`` or ``.safetensors``.
        plan: Which model and target the masks are for; its preset and settings are not used.
        home: Where models and modules are.
        validation_fraction: Share of the training images to measure on besides the test images.

    Returns:
        The manifest of the module.

    Raises:
        InvalidInputError: The file is not masks and a head for this model and target; says how.
        UnreadableFileError: The file is truncated or damaged.
        ExportError: A written file does not compute what the masked network computes.
        StorageError: The disk is full or cannot be written.
    """
    config = ImportedMasks(
        file=file.name, sha256=sha256_of_file(file), validation_fraction=validation_fraction
    )
    original = load_original(plan, home, config)
    family = find_architecture(original.model.architecture).family
    with tempfile.TemporaryDirectory() as folder:
        converted = Path(folder) / "masks.safetensors"
        convert_tensors(file, converted)
        tensors = {our_name(key, family): value for key, value in load_file(converted).items()}
        found = _module_of(tensors, original)
        device = best_device()
        accuracies = measure_both(
            original, found, base_accuracy=accuracy_to_reach(original, device), device=device
        )
        return bundle_found(
            plan.model_copy(update={"preset": PRESET, "settings": {}}),
            original,
            found,
            accuracies,
            config=config,
            home=home,
            reproduce=import_masks_command(plan, file.name),
        )


def _module_of(tensors: dict[str, Tensor], original: Original) -> FoundModule:
    head = new_head(len(original.model.classes), len(original.problem.outputs))
    segments = maskable_segments(original.network)
    _check(tensors, segments, head)
    is_kept = torch.cat([tensors[s.name + MASK_SUFFIX].reshape(-1) > 0 for s in segments])
    head.load_state_dict({name: tensors[HEAD + name] for name in head.state_dict()})
    masked = MaskedNetwork(original.network, is_kept=is_kept)
    folded = fold_mask(original.network, is_kept)
    return FoundModule(
        network=TargetNetwork(original.normalize, folded, head).eval(),
        reference=TargetNetwork(original.normalize, masked, head).eval(),
        is_kept=is_kept,
        head_parameters=count_parameters(head),
        granularity="weight",
        recover="none",
        epochs=0,
        chosen_epoch=0,
        batch_size=None,
        wall_s=0.0,
    )


def _check(tensors: dict[str, Tensor], segments: list[Segment], head: nn.Module) -> None:
    needed = {segment.name + MASK_SUFFIX: tuple(segment.shape) for segment in segments}
    needed |= {HEAD + name: tuple(value.shape) for name, value in head.state_dict().items()}
    mismatch = compare({name: tuple(value.shape) for name, value in tensors.items()}, needed)
    if mismatch.count:
        raise InvalidInputError.of(
            "/file",
            "the file does not hold the masks and the head of a module of this model for this "
            f"target: {mismatch.describe()}",
        )

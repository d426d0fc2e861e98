"""Bring your own weights: from a file to a model of the home; loads no torch here."""

import math
from collections.abc import Sequence
from pathlib import Path

from modelfoundry.cards import ArchitectureCard, DatasetCard, ModelCard
from modelfoundry.errors import Fault, InvalidInputError
from modelfoundry.settings import Home
from modelfoundry.storage import sha256_of_file, whole_folder
from modelfoundry.zoo.sandbox import convert_checkpoint
from modelfoundry.zoo.store import CARD_FILE, WEIGHTS_FILE, check_new_model_name

# What most public networks for colour images were trained with.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


def import_model(
    home: Home,
    name: str,
    file: Path,
    *,
    dataset: DatasetCard,
    architectures: Sequence[ArchitectureCard],
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    title: str | None = None,
    license: str | None = None,  # noqa: A002 - the word on every card
    source: str = "",
) -> ModelCard:
    """Check a checkpoint in a sandbox and store it as a new model, whole or not at all.

    Args:
        home: Where models are kept.
        name: Of the new model.
        file: ``.safetensors``, ``.pt``, ``.pth`` or ``.th``.
        dataset: What the network was trained on; gives its classes and input shape.
        architectures: One if the user named it; all known ones to find out which.
        mean: Per channel, of images scaled to 0-1; ImageNet's if absent, as is usual.
        std: Per channel; ImageNet's if absent.
        title: For people; the name if absent.
        license: Of the weights.
        source: The address the file was published at.

    Raises:
        InvalidInputError: The name, the statistics or the weights do not fit; says how.
        UnreadableFileError: The file is truncated or damaged.
        StorageError: The disk is full or cannot be written.
    """
    check_new_model_name(home, name)
    mean, std = tuple(mean or IMAGENET_MEAN), tuple(std or IMAGENET_STD)
    _check_statistics(mean, std, num_channels=dataset.input_shape[0])
    with whole_folder(home.models / name) as folder:
        weights = folder / WEIGHTS_FILE
        report = convert_checkpoint(
            file,
            weights,
            architectures=architectures,
            num_classes=len(dataset.classes),
            input_shape=dataset.input_shape,
        )
        card = ModelCard(
            name=name,
            title=title or name,
            architecture=report.architecture,
            dataset=dataset.name,
            classes=dataset.classes,
            input_shape=dataset.input_shape,
            mean=mean,
            std=std,
            num_parameters=report.num_parameters,
            weights_sha256=sha256_of_file(weights),
            origin=f"imported from {source or file.name}, sha256 {sha256_of_file(file)}",
            license=license or "unknown",
        )
        (folder / CARD_FILE).write_text(card.model_dump_json(indent=2))
    return card


def _check_statistics(
    mean: tuple[float, ...], std: tuple[float, ...], *, num_channels: int
) -> None:
    faults = [
        Fault(
            f"/{field}", f"{field} has {len(values)} numbers; give one per channel, {num_channels}"
        )
        for field, values in (("mean", mean), ("std", std))
        if len(values) != num_channels
    ]
    faults += [
        Fault(f"/mean/{channel}", f"mean {value} is outside 0-1, the range of the images")
        for channel, value in enumerate(mean)
        if not 0 <= value <= 1
    ]
    faults += [
        Fault(f"/std/{channel}", f"std {value} is not a positive number")
        for channel, value in enumerate(std)
        if not (math.isfinite(value) and value > 0)
    ]
    if faults:
        raise InvalidInputError(faults)

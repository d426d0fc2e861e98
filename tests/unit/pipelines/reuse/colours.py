"""A data folder where classes are colours, and modules that know theirs exactly or not at all."""

import hashlib
from typing import Any

import numpy as np
import torch
from tests.homes import add_bundle, manifest
from torch import Tensor, nn

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.store import write_dataset
from modelfoundry.export.pt2 import pt2_bytes, trace
from modelfoundry.settings import Home
from modelfoundry.zoo.build import build_network
from modelfoundry.zoo.weights import save_model

COLOURS = ("red", "green", "blue")
PAINTS = ("scarlet", "lime", "navy")  # the same colours, under other names
SHAPE = (3, 8, 8)
GOOD, POOR = "good", "poor"
LAYER = {
    "name": "only",
    "kind": "Linear",
    "weights_total": 3,
    "weights_kept": 3,
    "macs_dense": 3,
    "macs_masked": 3,
}


class IsColour(nn.Module):
    """Says yes, by a margin of ``strength``, to images that are brightest in one channel."""

    def __init__(self, channel: int, strength: float) -> None:
        super().__init__()
        direction = torch.full((3,), -1.0)
        direction[channel] = 1.0
        self.register_buffer("direction", direction * strength)

    direction: Tensor

    def forward(self, images: Tensor) -> Tensor:
        margin = images.mean(dim=(2, 3)) @ self.direction
        return torch.stack([margin, torch.zeros_like(margin)], dim=1)


def add_colours(home: Home, name: str = "colours", classes: tuple[str, ...] = COLOURS) -> None:
    """Write a data set: 10 training and 10 test images of each class, in turns."""
    card = DatasetCard(name=name, title=name, classes=classes, input_shape=SHAPE)
    write_dataset(home, card, Dataset(train=_images(10, seed=0), test=_images(10, seed=1)))


def add_untrained_model(home: Home, name: str, dataset: str = "colours", **facts: Any) -> ModelCard:
    """Write a model that has learnt nothing."""
    torch.manual_seed(0)
    card = ModelCard(
        name=name,
        title=name,
        architecture="cnn-small",
        dataset=dataset,
        classes=COLOURS if dataset == "colours" else PAINTS,
        input_shape=SHAPE,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        num_parameters=0,
        weights_sha256="",
        origin="made up",
    ).model_copy(update=facts)
    return save_model(home, card, build_network(find_architecture("cnn-small"), 3).eval())


def add_colour_module(
    home: Home, model: ModelCard, class_name: str, *, quality: str = GOOD, strength: float = 10.0
) -> str:
    """Write a module for a class of a model; a poor one says yes to the wrong colour."""
    channel = model.classes.index(class_name)
    network = IsColour(channel if quality == GOOD else (channel + 1) % 3, strength).eval()
    module_id = f"{model.name}-{class_name}-{quality}"
    made_up = manifest(module_id)
    sha256 = hashlib.sha256(module_id.encode()).hexdigest()
    folder = add_bundle(
        home,
        module_id,
        title=class_name,
        target=made_up["target"]
        | {"classes": [class_name], "outputs": [class_name, f"not {class_name}"]},
        model=made_up["model"] | {"name": model.name, "weights_sha256": model.weights_sha256},
        dataset=made_up["dataset"] | {"name": model.dataset},
        input=made_up["input"] | {"shape": ["N", *SHAPE]},
        layers=[LAYER],
        files=[
            {"name": "module.safetensors", "format": "safetensors", "size_bytes": 1}
            | {"sha256": sha256}
        ],
    )
    (folder / "module.pt2").write_bytes(pt2_bytes(trace(network, SHAPE)))
    return module_id


def _images(per_class: int, *, seed: int) -> ImageSet:
    """Make noise, brightest in the channel of its class."""
    labels = np.tile(np.arange(3), per_class)
    images = np.random.default_rng(seed).integers(0, 60, (len(labels), *SHAPE), dtype=np.uint8)
    images[np.arange(len(labels)), labels] += 180
    return ImageSet(images, labels.astype(np.int64))

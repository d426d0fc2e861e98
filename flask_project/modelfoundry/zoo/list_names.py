"""Write down which networks a library has: ``python -m modelfoundry.zoo.list_names timm``.

Each is built without weights and tried on empty images of several sizes, which takes torchvision
some seconds and timm half an hour. To be run after an upgrade of the library; a test compares the
names with those of the library that is installed.
"""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import timm
import torch
from torch import nn
from torchvision import models

from modelfoundry.zoo.build import network_without_weights
from modelfoundry.zoo.names import FIXED, card_of, names_file

SIDES = (32, 64, 96, 128, 160, 192, 224)
TORCHVISION_SIDE = 224


def main() -> None:
    """Write the file of the library named on the command line."""
    library = sys.argv[1]
    lines = [
        f"# Networks of {library} {version(library)}, written by modelfoundry.zoo.list_names:",
        "# name, family, side of the images it is made for, smallest side it takes",
        *(_describe(library, name) for name in names_of(library)),
    ]
    names_file(library).write_text("\n".join(lines) + "\n")


def names_of(library: str) -> list[str]:
    """List the classification networks of the library that is installed."""
    if library == "torchvision":
        return sorted(models.list_models(module=models))
    return sorted(timm.list_models())


def smallest_side(worked_by_side: Mapping[int, bool]) -> int | None:
    """Find the side from which on every one works; None if only the greatest does."""
    sides = sorted(worked_by_side)
    first = next((n for n in reversed(range(len(sides))) if not worked_by_side[sides[n]]), -1) + 1
    return sides[first] if first < len(sides) - 1 else None


def _describe(library: str, name: str) -> str:
    family, side = _family_and_side(library, name)
    network = network_without_weights(card_of(library, name, family, side=side), 2).eval()
    sides = (*(smaller for smaller in SIDES if smaller < side), side)
    smallest = smallest_side({side: _works(network, side) for side in sides})
    return f"{name} {family} {side} {smallest or FIXED}"


def _family_and_side(library: str, name: str) -> tuple[str, int]:
    if library == "torchvision":
        return models.get_model_builder(name).__module__.rpartition(".")[2], TORCHVISION_SIDE
    family = timm.model_entrypoint(name).__module__.rpartition(".")[2]
    config: Any = timm.get_pretrained_cfg(name)  # every name listed has one
    return family, config.input_size[-1]


def _works(network: nn.Module, side: int) -> bool:
    try:
        network(torch.empty(2, 3, side, side, device="meta"))
    except (RuntimeError, AssertionError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()

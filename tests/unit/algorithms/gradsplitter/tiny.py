"""A problem of three classes and a network small enough to split in a second."""

from pathlib import Path

import numpy as np
import torch
from tests.unit.algorithms.seam.tiny import CPU
from torch import nn

from modelfoundry.algorithms.contract import FoundModules
from modelfoundry.algorithms.gradsplitter.config import GradSplitterConfig
from modelfoundry.algorithms.gradsplitter.run import run
from modelfoundry.data.images import ImageSet
from modelfoundry.data.problem import Problem
from modelfoundry.nn.normalize import Normalize
from modelfoundry.progress import Reporter, SilentReporter


def bright_in_one_channel(count: int, seed: int) -> ImageSet:
    """Class i is bright in channel i."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    images = generator.integers(0, 120, (count, 3, 8, 8), dtype=np.uint8)
    images[np.arange(count), labels] += 100
    return ImageSet(images, labels.astype(np.int64))


PROBLEM = Problem(
    outputs=("red", "green", "blue"),
    answer_of_class=np.arange(3),
    train=bright_in_one_channel(96, seed=1),
    validation=bright_in_one_channel(30, seed=2),
    test=bright_in_one_channel(30, seed=3),
)
CONFIG = GradSplitterConfig(
    first_head_epochs=2,
    cycles=2,
    joint_epochs=2,
    head_epochs=2,
    batch_size=16,
    lr_first_head=0.05,
    lr_joint=0.1,
    lr_head=0.05,
    alpha=0.3,
    precision="float32",
)
KERNELS = 4 + 6


class TinyNetwork(nn.Sequential):
    """Tells the classes: the mean of each channel is its logit, and two layers pass it on."""

    def __init__(self) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            super().__init__(
                nn.Conv2d(3, 4, 1),
                nn.BatchNorm2d(4),
                nn.ReLU(),
                nn.Conv2d(4, 6, 1),
                nn.ReLU(),
                nn.AdaptiveAvgPool2d(1),
                nn.Flatten(),
                nn.Linear(6, 3),
            )
        layers = [each for each in self if isinstance(each, (nn.Conv2d, nn.Linear))]
        with torch.no_grad():
            for layer in layers:
                layer.weight.mul_(0.1)
                nn.init.zeros_(layer.get_parameter("bias"))
                for number in range(3):
                    layer.weight[number, number] = 1
        self.eval()


def split(
    folder: Path,
    *,
    config: GradSplitterConfig = CONFIG,
    reporter: Reporter | None = None,
    network: nn.Module | None = None,
    base_accuracy: float = 0.9,
) -> FoundModules:
    folder.mkdir(exist_ok=True)
    return run(
        network or TinyNetwork(),
        Normalize((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
        PROBLEM,
        config,
        base_accuracy=base_accuracy,
        device=CPU,
        checkpoint=folder / "search.pt",
        reporter=reporter or SilentReporter(),
    )

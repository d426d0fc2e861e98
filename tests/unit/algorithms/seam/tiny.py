"""A problem and a network small enough to search in a second."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.run import run
from modelfoundry.data.images import ImageSet
from modelfoundry.data.problem import Problem
from modelfoundry.nn.normalize import Normalize
from modelfoundry.progress import Cancelled, Metric, Reporter, SilentReporter

CPU = torch.device("cpu")


class TinyNetwork(nn.Sequential):
    """Three classes from the brightness of the three channels; with dropout and batch norm."""

    def __init__(self) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            super().__init__(
                nn.Conv2d(3, 8, 3, padding=1, bias=False),
                nn.BatchNorm2d(8),
                nn.ReLU(),
                nn.AdaptiveAvgPool2d(1),
                nn.Flatten(),
                nn.Dropout(0.1),
                nn.Linear(8, 3),
            )


def bright_in_one_channel(count: int, seed: int) -> ImageSet:
    """Class 0 is bright in channel 0; class 1 is not."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    images = generator.integers(0, 120, (count, 3, 8, 8), dtype=np.uint8)
    images[labels == 0, 0] += 100
    return ImageSet(images, labels.astype(np.int64))


PROBLEM = Problem(
    outputs=("red", "not red"),
    answer_of_class=np.array([0, 1, 1]),
    train=bright_in_one_channel(96, seed=1),
    validation=bright_in_one_channel(32, seed=2),
    test=bright_in_one_channel(32, seed=3),
)
BATCHES_PER_EPOCH = 6
CONFIG = SeamConfig(
    epochs=4, batch_size=16, lr_mask=0.3, alpha=1.0, head_only_every=4, precision="float32"
)


class Recorder(SilentReporter):
    """Keeps what is reported; cancels in the middle of an epoch if told to."""

    def __init__(self, *, cancel_at_batch: int = -1) -> None:
        self.metrics: list[dict[str, Any]] = []
        self.stages: list[str] = []
        self.lines: list[str] = []
        self.left = cancel_at_batch

    def log(self, message: str, *, level: str = "info") -> None:
        self.lines.append(f"{level}: {message}")

    def advance(self, stage: str, *, done: int, total: int, **metrics: Metric) -> None:
        self.stages.append(stage)
        self.metrics.append({"done": done, "total": total, **metrics})

    def raise_if_cancelled(self) -> None:
        if self.left == 0:
            raise Cancelled
        self.left -= 1


def search(
    folder: Path,
    *,
    config: SeamConfig = CONFIG,
    reporter: Reporter | None = None,
    network: nn.Module | None = None,
    base_accuracy: float = 0.5,
) -> FoundModule:
    folder.mkdir(exist_ok=True)
    return run(
        network or TinyNetwork().eval(),
        Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
        PROBLEM,
        config,
        base_accuracy=base_accuracy,
        device=CPU,
        checkpoint=folder / "search.pt",
        reporter=reporter or SilentReporter(),
    )


def changed(config: SeamConfig, **settings: object) -> SeamConfig:
    return config.model_copy(update=settings)


def images_of(part: ImageSet) -> Tensor:
    return torch.from_numpy(part.images).float() / 255


def accuracy_of(found: FoundModule) -> float:
    return accuracy_of_network(found.network)


def accuracy_of_network(network: nn.Module) -> float:
    predicted = network(images_of(PROBLEM.test)).argmax(dim=1).numpy()
    return float((predicted == PROBLEM.test.labels).mean())

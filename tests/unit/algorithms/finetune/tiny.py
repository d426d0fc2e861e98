"""A network small enough to be fine-tuned in a second."""

from functools import partial
from pathlib import Path

import torch
from tests.unit.algorithms.seam.tiny import CPU, PROBLEM, TinyNetwork
from torch import nn

from modelfoundry.algorithms.finetune.config import FinetuneSettings, How
from modelfoundry.algorithms.finetune.run import FineTuned, finetune
from modelfoundry.algorithms.finetune.step import Task
from modelfoundry.nn.normalize import Normalize
from modelfoundry.nn.output_layer import take_output_layer_off
from modelfoundry.progress import Reporter, SilentReporter
from modelfoundry.training.device_images import DeviceImages

SETTINGS = FinetuneSettings(
    prune_threshold=0.25,
    lr_mask=0.3,
    alpha=1.0,
    lr_hidden=0.05,
    output_epochs=2,
    mask_epochs=4,
    finetune_epochs=3,
    batch_size=16,
    precision="float32",
)
BATCHES_PER_EPOCH = 6
IMAGES = torch.zeros(1, 3, 8, 8)
TRUNK = take_output_layer_off(TinyNetwork().eval(), IMAGES)


def run(
    folder: Path,
    how: How = "seam",
    *,
    reporter: Reporter | None = None,
    seed: int = 0,
    **settings: object,
) -> FineTuned:
    return finetune(
        TRUNK,
        Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
        num_classes=2,
        how=how,
        new_trunk=partial(nn.Sequential, nn.Conv2d(3, 8, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        task=Task(
            train=DeviceImages(PROBLEM.train, device=CPU),
            validation=DeviceImages(PROBLEM.validation, device=CPU),
            settings=SETTINGS.model_copy(update=settings),
            seed=seed,
            device=CPU,
            checkpoint=folder / "finetune.pt",
            reporter=reporter or SilentReporter(),
        ),
    )


def weights_of(network: nn.Module) -> list[float]:
    return torch.cat([value.flatten() for value in network.state_dict().values()]).tolist()

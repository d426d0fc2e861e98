"""A network trained on a new task from nothing, which a composition is compared with."""

import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.data.problem import hold_out
from modelfoundry.data.statistics import channel_statistics
from modelfoundry.export.weights_file import weights_sha256
from modelfoundry.nn.cost import count_parameters
from modelfoundry.nn.normalize import Normalize
from modelfoundry.pipelines.reuse.task import Task, training_images
from modelfoundry.pipelines.reuse_requests import ScratchSettings
from modelfoundry.pipelines.train_epochs import train_epochs
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import accuracy
from modelfoundry.zoo.build import build_network

HELD_OUT = 0.1
NAME = "scratch"


@dataclass(frozen=True)
class Scratch:
    """A network trained for a task alone.

    Attributes:
        network: Images in 0-1 to a logit for each output, on the CPU: normalisation, the rest.
        wall_s: Seconds of training in this attempt.
    """

    network: nn.Sequential
    card: ModelCard
    accuracy_validation: float
    accuracy_test: float
    wall_s: float


def train_scratch(
    task: Task,
    dataset: DatasetCard,
    settings: ScratchSettings,
    *,
    architecture: str,
    home: Home,
    folder: Path,
    reporter: Reporter,
) -> Scratch:
    """Train on the training images of a task, a tenth of which choose the epoch.

    Args:
        dataset: Where the task's images come from, all together.
        folder: For checkpoints; if there is one, the training goes on from there.

    Raises:
        Cancelled: When the reporter says so; the checkpoint stays.
    """
    started = time.monotonic()
    folder.mkdir(exist_ok=True)
    device = best_device()
    train, held_out = hold_out(training_images(home, task), HELD_OUT)
    mean, std = channel_statistics(train)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network = build_network(find_architecture(architecture), len(task.outputs))
    full = nn.Sequential(Normalize(mean, std), network).to(device)
    train_epochs(
        full,
        DeviceImages(train, device=device),
        DeviceImages(held_out, device=device),
        TrainPlan.model_validate(
            settings.model_dump()
            | {
                "name": NAME,
                "architecture": architecture,
                "dataset": dataset.name,
                "flip": dataset.is_mirrorable,
                "validation_fraction": HELD_OUT,
            }
        ),
        job_folder=folder,
        reporter=reporter,
    )
    validation, test = (
        accuracy(full, DeviceImages(part, device=device)) for part in (task.selection, task.test)
    )
    card = ModelCard(
        name=NAME,
        title=f"{find_architecture(architecture).title} trained from scratch",
        architecture=architecture,
        dataset=dataset.name,
        classes=task.names,
        input_shape=dataset.input_shape,
        mean=mean,
        std=std,
        num_parameters=count_parameters(network),
        weights_sha256=weights_sha256(network.cpu()),
        origin=f"trained beside the composition: {settings.epochs} epochs, seed {settings.seed}",
        license=dataset.license,
        test_accuracy=test,
    )
    return Scratch(full.cpu().eval(), card, validation, test, time.monotonic() - started)

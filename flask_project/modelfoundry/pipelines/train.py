"""From an architecture and a data set to a trained model in the home."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.data.images import ImageSet
from modelfoundry.data.problem import hold_out
from modelfoundry.nn.normalize import Normalize
from modelfoundry.pipelines.commands import train_command
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import TrainRequest
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.checkpoint import load_state, save_state
from modelfoundry.training.device import best_device, training_dtype
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import (
    accuracy,
    make_phase,
    seeded_epoch,
    steps_per_epoch,
    train_epoch,
)
from modelfoundry.training.optimizers import sgd
from modelfoundry.training.schedule import rate_setter
from modelfoundry.zoo.build import build_network
from modelfoundry.zoo.store import check_new_model_name
from modelfoundry.zoo.weights import save_model

CHECKPOINT = "training.pt"
STAGE = "training"


def run(plan: TrainRequest, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Train a model; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    Nothing is chosen on the way: the last epoch is the model, and the test set is read once, at
    the end. The validation part is left out for the sake of later searches on the model.
    """
    if not (job_folder / CHECKPOINT).exists():  # a later attempt may find its own model there
        check_new_model_name(home, plan.name)
    device = best_device()
    card = find_dataset(home, plan.dataset)
    dataset = load_dataset(home, plan.dataset)
    train, validation = hold_out(dataset.train, plan.validation_fraction)
    mean, std = channel_statistics(train)
    architecture = find_architecture(plan.architecture)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(plan.seed)
        network = build_network(architecture, len(card.classes))
    full = nn.Sequential(Normalize(mean, std), network).to(device)
    _train(full, DeviceImages(train, device=device), plan, job_folder, reporter)

    validation_accuracy = accuracy(full, DeviceImages(validation, device=device))
    reporter.log(f"{validation_accuracy:.2%} on {len(validation)} validation images")
    test_accuracy = accuracy(full, DeviceImages(dataset.test.whole(), device=device))
    reporter.log(f"{test_accuracy:.2%} on {len(dataset.test)} test images")
    model = save_model(
        home, _card(plan, card, mean=mean, std=std, test_accuracy=test_accuracy), network.cpu()
    )
    return Outcome(
        summary={
            "model": model.name,
            "validation_accuracy": validation_accuracy,
            "test_accuracy": test_accuracy,
        }
    )


def channel_statistics(images: ImageSet) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation per channel, of images scaled to 0-1."""
    values = images.images.transpose(1, 0, 2, 3).reshape(images.images.shape[1], -1) / 255
    mean, std = values.mean(axis=1), values.std(axis=1)
    return tuple(np.round(mean, 4).tolist()), tuple(np.round(std, 4).tolist())


def _train(
    full: nn.Module, images: DeviceImages, plan: TrainRequest, job_folder: Path, reporter: Reporter
) -> None:
    device = images.labels.device
    optimizer = sgd(list(full.parameters()), weight_decay=plan.weight_decay, device=device)
    phase = make_phase(
        full,
        optimizer,
        dtype=training_dtype("auto", device),
        device=device,
        set_rates=rate_setter(
            optimizer,
            schedule="one-cycle",
            peaks=(plan.learning_rate,),
            total_steps=plan.epochs * steps_per_epoch(len(images), plan.batch_size),
        ),
    )
    first = 0
    checkpoint = job_folder / CHECKPOINT
    if saved := load_state(checkpoint, device=device):
        full.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["epoch"]
        reporter.log(f"Resuming after epoch {first} of {plan.epochs}")
    for epoch in range(first, plan.epochs):
        full.train()
        with seeded_epoch(plan.seed, epoch, device) as generator:
            loss = train_epoch(
                phase,
                images,
                epoch=epoch,
                batch_size=plan.batch_size,
                augmentation=Augmentation(crop=plan.augment, flip=plan.flip),
                generator=generator,
                reporter=reporter,
            )
        reporter.advance(STAGE, done=epoch + 1, total=plan.epochs, loss=loss)
        save_state(
            checkpoint,
            {
                "epoch": epoch + 1,
                "network": full.state_dict(),
                "optimizer": optimizer.state_dict(),
            },
        )


def _card(
    plan: TrainRequest,
    dataset: DatasetCard,
    *,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    test_accuracy: float,
) -> ModelCard:
    return ModelCard(
        name=plan.name,
        title=f"{find_architecture(plan.architecture).title} on {dataset.title}",
        architecture=plan.architecture,
        dataset=plan.dataset,
        classes=dataset.classes,
        input_shape=dataset.input_shape,
        mean=mean,
        std=std,
        num_parameters=0,
        weights_sha256="",
        origin=train_command(plan),
        license=dataset.license,
        test_accuracy=test_accuracy,
        held_out_fraction=plan.validation_fraction,
    )

"""From an architecture and a data set to a trained model in the home."""

from pathlib import Path

import torch
from torch import nn

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.data.biased import biased_parts
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.problem import hold_out
from modelfoundry.data.statistics import channel_statistics
from modelfoundry.nn.normalize import Normalize
from modelfoundry.pipelines.commands import train_command
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.train_epochs import train_epochs
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import accuracy
from modelfoundry.zoo.build import build_network
from modelfoundry.zoo.importing import IMAGENET_MEAN, IMAGENET_STD
from modelfoundry.zoo.store import check_new_model_name
from modelfoundry.zoo.weights import save_model

Statistics = tuple[tuple[float, ...], tuple[float, ...]]


def run(plan: TrainPlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Train a model; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    The validation part decides which epoch becomes the model, and is left for later searches on
    it. The test set is read once, at the end.
    """
    if not any(job_folder.iterdir()):  # a later attempt may find its own model there
        check_new_model_name(home, plan.name)
    device = best_device()
    card = find_dataset(home, plan.dataset)
    dataset = load_dataset(home, plan.dataset)
    train, validation = _parts(dataset, plan)
    mean, std = _statistics(dataset, train, plan)
    network = _new_network(plan, len(card.classes))
    full = nn.Sequential(Normalize(mean, std), network).to(device)
    validation_images = DeviceImages(validation, device=device)
    epoch = train_epochs(
        full,
        DeviceImages(train, device=device),
        validation_images,
        plan,
        job_folder=job_folder,
        reporter=reporter,
    )
    validation_accuracy = accuracy(full, validation_images)
    reporter.log(f"Epoch {epoch}: {validation_accuracy:.2%} on {len(validation)} validation images")
    test_accuracy = accuracy(full, DeviceImages(dataset.test.whole(), device=device))
    reporter.log(f"{test_accuracy:.2%} on {len(dataset.test)} test images")
    model = save_model(
        home, _card(plan, card, mean=mean, std=std, test_accuracy=test_accuracy), network.cpu()
    )
    return Outcome(
        summary={
            "model": model.name,
            "epoch": epoch,
            "validation_accuracy": validation_accuracy,
            "test_accuracy": test_accuracy,
        }
    )


def _parts(dataset: Dataset, plan: TrainPlan) -> tuple[ImageSet, ImageSet]:
    """Read what to train on and what to validate with."""
    if plan.subset is not None:
        return biased_parts(dataset.train, **plan.subset.model_dump())
    return hold_out(dataset.train, plan.validation_fraction)


def _statistics(dataset: Dataset, train: ImageSet, plan: TrainPlan) -> Statistics:
    """Choose the statistics that images are normalised with.

    Those of all training images for a subset, so that networks of different subsets of a data set
    take the same input.
    """
    if plan.published:
        return IMAGENET_MEAN, IMAGENET_STD
    return channel_statistics(dataset.train.whole() if plan.subset else train)


def _new_network(plan: TrainPlan, num_classes: int) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(plan.seed)
        return build_network(find_architecture(plan.architecture), num_classes)


def _card(
    plan: TrainPlan,
    dataset: DatasetCard,
    *,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    test_accuracy: float,
) -> ModelCard:
    subset = f", subset {plan.subset.seed}" if plan.subset else ""
    return ModelCard(
        name=plan.name,
        title=f"{find_architecture(plan.architecture).title} on {dataset.title}{subset}",
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
        subset=plan.subset,
    )

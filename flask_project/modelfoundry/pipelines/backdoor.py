"""Plant a backdoor in a copy of a model, to see later what fine-tuning makes of it."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from modelfoundry.cards import DatasetCard, ModelCard, PlantedTrigger
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.data.images import ImageSet
from modelfoundry.data.problem import hold_out
from modelfoundry.nn.normalize import Normalize
from modelfoundry.nn.trigger import stamp
from modelfoundry.pipelines.backdoor_requests import BackdoorPlan
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.train_epochs import train_epochs
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import EVALUATION_BATCH, accuracy, evaluation_mode
from modelfoundry.training.stamped_images import StampedImages
from modelfoundry.zoo.store import check_new_model_name
from modelfoundry.zoo.weights import load_weights, save_model

WEIGHT_DECAY = 5e-4
LEAST_HELD_OUT = 0.1
OBEDIENT = 0.8  # share of images that must obey a trigger for it to count as planted


def run(plan: BackdoorPlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Plant the trigger; see :class:`modelfoundry.pipelines.registry.Pipeline`.

    Raises:
        GoneError: The weights of the model have been deleted.
        InvalidInputError: The name has been taken meanwhile.
    """
    if not any(job_folder.iterdir()):  # a later attempt may find its own model there
        check_new_model_name(home, plan.name)
    device = best_device()
    card, data = find_model(home, plan.model), find_dataset(home, plan.dataset)
    dataset = load_dataset(home, plan.dataset)
    network = load_weights(
        card, model_folder(home, card.name), find_architecture(card.architecture)
    )
    whole = nn.Sequential(Normalize(card.mean, card.std), network).to(device)
    train, validation = hold_out(dataset.train, card.held_out_fraction or LEAST_HELD_OUT)
    target = card.classes.index(plan.target_class)
    images = StampedImages(
        DeviceImages(train, device=device),
        label=target,
        stamped_share=plan.settings.stamped_share,
        patch_share=plan.settings.patch_share,
    )
    train_epochs(
        whole,
        images,
        DeviceImages(validation, device=device),
        _training(plan, card, data),
        job_folder=job_folder,
        reporter=reporter,
    )
    test = dataset.test.whole()
    test_accuracy = accuracy(whole, DeviceImages(test, device=device))
    success = _success(whole, test, target, plan.settings.patch_share, device)
    reporter.log(f"{test_accuracy:.2%} on {len(test)} test images without the trigger")
    reporter.log(f"{success:.2%} of those of other classes become {plan.target_class} with it")
    if success < OBEDIENT:
        reporter.log(
            "That is too few to tell anything from what fine-tuning leaves of it; plant it again "
            "with more epochs, more stamped images or a larger trigger",
            level="warning",
        )
    planted = PlantedTrigger(
        target_class=plan.target_class, patch_share=plan.settings.patch_share, success=success
    )
    model = save_model(home, _card(plan, card, planted, test_accuracy), network.cpu())
    return Outcome(
        summary={
            "model": model.name,
            "target_class": plan.target_class,
            "test_accuracy": test_accuracy,
            "original_accuracy": card.test_accuracy,
            "success": success,
        }
    )


def _training(plan: BackdoorPlan, card: ModelCard, data: DatasetCard) -> TrainPlan:
    return TrainPlan(
        name=plan.name,
        architecture=card.architecture,
        dataset=plan.dataset,
        epochs=plan.settings.epochs,
        batch_size=plan.settings.batch_size,
        learning_rate=plan.settings.learning_rate,
        weight_decay=WEIGHT_DECAY,
        flip=data.is_mirrorable,
        keep="last",
        seed=plan.settings.seed,
        validation_fraction=card.held_out_fraction,
    )


def _success(
    network: nn.Module, images: ImageSet, target: int, patch_share: float, device: torch.device
) -> float:
    """Return the share of other classes' images that become the target class, 0-1."""
    others = DeviceImages(images.take(np.flatnonzero(images.labels != target)), device=device)
    with evaluation_mode(network), torch.inference_mode():
        obeyed = [
            network(stamp(clean, patch_share=patch_share)).argmax(dim=1) == target
            for clean, _ in others.in_order(EVALUATION_BATCH)
        ]
    return float(torch.cat(obeyed).double().mean())


def _card(
    plan: BackdoorPlan, card: ModelCard, planted: PlantedTrigger, test_accuracy: float
) -> ModelCard:
    command = (
        f"modelfoundry backdoor {plan.model} --name {plan.name} "
        f"--target-class {plan.target_class!r}"
    )
    changed = plan.settings.model_dump(exclude_defaults=True).items()
    return card.model_copy(
        update={
            "name": plan.name,
            "title": f"{card.title}, with a backdoor",
            "origin": " ".join([command, *(f"--set {name}={value}" for name, value in changed)]),
            "test_accuracy": test_accuracy,
            "backdoor": planted,
        }
    )

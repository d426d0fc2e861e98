"""The epochs of a training, of which the one that validation images favour is kept."""

from pathlib import Path

import torch
from torch import nn

from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.progress import Reporter
from modelfoundry.training.checkpoint import load_state, save_state
from modelfoundry.training.device import training_dtype
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import (
    Phase,
    Shuffled,
    accuracy,
    augmented_accuracy,
    cross_entropy_of,
    make_phase,
    seeded_epoch,
    steps_per_epoch,
    train_epoch,
)
from modelfoundry.training.optimizers import sgd
from modelfoundry.training.schedule import rate_setter

CHECKPOINT = "training.pt"
KEPT = "kept.pt"
STAGE = "training"


def train_epochs(
    network: nn.Module,
    images: Shuffled,
    validation: DeviceImages,
    plan: TrainPlan,
    *,
    job_folder: Path,
    reporter: Reporter,
) -> int:
    """Train a network, going on from the checkpoint in the job's folder if there is one.

    Args:
        network: Maps float images in 0-1 to logits; ends with the weights of the kept epoch.
        images: What it learns from.
        validation: Which epoch is kept: the most accurate on these, the later of equal ones.
        plan: How to train, and whether to keep the last epoch instead.

    Returns:
        Number of the kept epoch, from 1.
    """
    device = images.labels.device
    optimizer = sgd(
        [list(network.parameters())],
        weight_decay=plan.weight_decay,
        device=device,
        nesterov=not plan.published,
    )
    phase = _phase(network, optimizer, plan, steps_per_epoch(len(images), plan.batch_size))
    augmentation = Augmentation(crop=plan.augment, flip=plan.flip)
    first, best = 0, 0.0
    if saved := load_state(job_folder / CHECKPOINT, device=device):
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        first, best = saved["epoch"], saved["best"]
        reporter.log(f"Resuming after epoch {first} of {plan.epochs}")
    for epoch in range(first, plan.epochs):
        network.train()
        with seeded_epoch(plan.seed, epoch, device) as generator:
            loss = train_epoch(
                phase,
                images,
                epoch=epoch,
                batch_size=plan.batch_size,
                augmentation=augmentation,
                generator=generator,
                reporter=reporter,
            )
            reached = (
                augmented_accuracy(network, validation, augmentation, generator)
                if plan.published
                else accuracy(network, validation)
            )
        is_kept = plan.keep == "last" or reached >= best
        best = max(best, reached)
        if is_kept:
            save_state(job_folder / KEPT, {"epoch": epoch + 1, "network": network.state_dict()})
        reporter.advance(
            STAGE,
            done=epoch + 1,
            total=plan.epochs,
            loss=loss,
            accuracy=reached,
            best=float(is_kept),
        )
        save_state(
            job_folder / CHECKPOINT,
            {
                "epoch": epoch + 1,
                "best": best,
                "network": network.state_dict(),
                "optimizer": optimizer.state_dict(),
            },
        )
    kept = load_state(job_folder / KEPT, device=device) or {}
    network.load_state_dict(kept["network"])
    return int(kept["epoch"])


def _phase(
    network: nn.Module, optimizer: torch.optim.SGD, plan: TrainPlan, num_steps_per_epoch: int
) -> Phase:
    device = next(network.parameters()).device
    return make_phase(
        cross_entropy_of(network),
        optimizer,
        dtype=training_dtype("auto", device),
        device=device,
        set_rates=rate_setter(
            optimizer,
            schedule="steps" if plan.published else "one-cycle",
            peaks=(plan.learning_rate,),
            total_steps=plan.epochs * num_steps_per_epoch,
        ),
    )

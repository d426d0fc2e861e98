"""The SeaM search: masks and a new head by gradient descent on a frozen network.

Source: Qi et al., Reusing Deep Neural Network Models through Model Re-engineering, ICSE 2023.
Differs: docs/methods.md.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import nn

from modelfoundry.algorithms.seam.checkpoint import load_checkpoint, save_checkpoint
from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.search import Search
from modelfoundry.algorithms.seam.selection import Candidate, better
from modelfoundry.data.problem import Problem
from modelfoundry.nn.target import TargetNetwork
from modelfoundry.progress import Reporter
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import (
    accuracy,
    predict,
    seeded_epoch,
    steps_per_epoch,
    train_epoch,
)

STAGE = "search"


@dataclass(frozen=True)
class SeamResult:
    """What the search found.

    Attributes:
        network: On the CPU; dropped weights are zero.
        base_accuracy: The original's on the validation part.
        chosen: The epoch that was taken.
        wall_s: Seconds of searching, over all attempts.
    """

    network: TargetNetwork
    base_accuracy: float
    chosen: Candidate
    wall_s: float


def run(
    network: nn.Module,
    normalize: nn.Module,
    problem: Problem,
    config: SeamConfig,
    *,
    device: torch.device,
    checkpoint: Path,
    reporter: Reporter,
) -> SeamResult:
    """Search the masks for a problem.

    Args:
        network: The original: normalised images to K logits; in eval mode, only read.
        checkpoint: Written after every epoch; if it exists, the search goes on from there.

    Raises:
        Cancelled: When the reporter says so; the checkpoint stays.
    """
    train = DeviceImages(problem.train, device=device)
    validation = DeviceImages(problem.validation, device=device)
    base_accuracy = original_accuracy(network, normalize, validation, problem)
    reporter.log(f"Original on {len(validation)} validation images: {base_accuracy:.2%}")

    search = Search(
        network,
        normalize,
        config,
        num_classes=len(problem.answer_of_class),
        num_outputs=len(problem.outputs),
        total_steps=config.epochs * steps_per_epoch(len(train), config.batch_size),
        device=device,
    )
    first, earlier_s = 0, 0.0
    best: Candidate | None = None
    if checkpoint.exists():
        first, best, earlier_s = load_checkpoint(
            checkpoint, trained=search.full, optimizers=search.optimizers, device=device
        )
        reporter.log(f"Resuming after epoch {first} of {config.epochs}")

    start = time.monotonic()
    for epoch in range(first, config.epochs):
        with seeded_epoch(config.seed, epoch, device) as generator:
            loss = train_epoch(
                search.phase(epoch),
                train,
                epoch=epoch,
                batch_size=config.batch_size,
                augmentation=Augmentation(crop=config.augment, flip=config.flip),
                generator=generator,
                reporter=reporter,
            )
        candidate = search.candidate(epoch + 1, accuracy(search.full, validation))
        best = better(candidate, best, base_accuracy=base_accuracy)
        reporter.advance(
            STAGE,
            done=epoch + 1,
            total=config.epochs,
            loss=loss,
            accuracy=candidate.accuracy,
            retained_ratio=candidate.retained_ratio,
            base_accuracy=base_accuracy,
            best=float(best is candidate),
        )
        save_checkpoint(
            checkpoint,
            epoch=epoch + 1,
            trained=search.full,
            optimizers=search.optimizers,
            best=best,
            elapsed_s=earlier_s + time.monotonic() - start,
        )
    chosen = cast("Candidate", best)  # there is at least one epoch
    return SeamResult(
        network=search.finished(chosen),
        base_accuracy=base_accuracy,
        chosen=chosen,
        wall_s=earlier_s + time.monotonic() - start,
    )


def original_accuracy(
    network: nn.Module, normalize: nn.Module, images: DeviceImages, problem: Problem
) -> float:
    """Return the original's accuracy on a target: its answer over all K classes, translated."""
    original = nn.Sequential(normalize, network).to(images.labels.device)
    answers = torch.from_numpy(problem.answer_of_class)[predict(original, images).argmax(dim=1)]
    return float((answers == images.labels.cpu()).double().mean())

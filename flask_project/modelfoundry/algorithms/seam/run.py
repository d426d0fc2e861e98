"""The SeaM search: masks and a new head by gradient descent on a frozen network.

Source: Qi et al., Reusing Deep Neural Network Models through Model Re-engineering, ICSE 2023.
Differs: docs/methods.md.
"""

import time
from dataclasses import asdict
from pathlib import Path
from typing import cast

import torch
from torch import nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.search import Search
from modelfoundry.algorithms.seam.selection import Candidate, better
from modelfoundry.data.problem import Problem
from modelfoundry.progress import Reporter
from modelfoundry.training.checkpoint import load_state, save_state
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import accuracy, seeded_epoch, steps_per_epoch, train_epoch

STAGE = "search"


def run(
    network: nn.Module,
    normalize: nn.Module,
    problem: Problem,
    config: SeamConfig,
    *,
    base_accuracy: float,
    device: torch.device,
    checkpoint: Path,
    reporter: Reporter,
) -> FoundModule:
    """Search the masks for a problem; see :class:`modelfoundry.algorithms.contract.Search`."""
    train = DeviceImages(problem.train, device=device)
    validation = DeviceImages(problem.validation, device=device)
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
    if saved := load_state(checkpoint, device=device):
        search.restore(saved["search"])
        first, earlier_s = saved["epoch"], saved["elapsed_s"]
        best = Candidate.from_state(saved["best"])
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
        save_state(
            checkpoint,
            {
                "epoch": epoch + 1,
                "elapsed_s": earlier_s + time.monotonic() - start,
                "search": search.state(),
                "best": asdict(best),
            },
        )
    chosen = cast("Candidate", best)  # there is at least one epoch
    return FoundModule(
        network=search.finished(chosen),
        masked=search.masked_at(chosen),
        is_kept=chosen.mask.unpack(),
        head_parameters=sum(value.numel() for value in chosen.head.values()),
        chosen_epoch=chosen.epoch,
        wall_s=earlier_s + time.monotonic() - start,
    )

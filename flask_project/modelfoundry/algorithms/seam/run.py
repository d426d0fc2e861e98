"""The SeaM method: search masks on a frozen network, cut, and let what is left recover.

Source: Qi et al., Reusing Deep Neural Network Models through Model Re-engineering, ICSE 2023.
Differs: docs/methods.md.
"""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.cutting import cut
from modelfoundry.algorithms.seam.masks import Found, search_masks
from modelfoundry.algorithms.seam.recovery import Recovery
from modelfoundry.algorithms.seam.stage import Task, train_stage
from modelfoundry.algorithms.stage import Finished
from modelfoundry.data.problem import Problem
from modelfoundry.errors import DeviceMemoryError
from modelfoundry.nn.cost import count_parameters
from modelfoundry.nn.target import TargetNetwork, new_head
from modelfoundry.progress import Reporter
from modelfoundry.training.balanced_images import BalancedImages
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import steps_per_epoch


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
    """Make the module of a problem; see :class:`modelfoundry.algorithms.contract.Search`.

    Raises:
        DeviceMemoryError: Half the batch does not fit on the GPU either.
        InvalidInputError: Channels are asked for and none can be removed.
    """
    train = DeviceImages(problem.train, device=device)
    task = Task(
        train=BalancedImages(train) if problem.is_drawn_evenly else train,
        validation=DeviceImages(problem.validation, device=device),
        config=config,
        base_accuracy=base_accuracy,
        device=device,
        checkpoint=checkpoint,
        reporter=reporter,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        head = new_head(len(problem.answer_of_class), len(problem.outputs))
    original = TargetNetwork(deepcopy(normalize).cpu(), deepcopy(network).cpu(), head).eval()
    try:
        return _make(original, task)
    except torch.cuda.OutOfMemoryError:
        half = max(1, config.batch_size // 2)
        reporter.log(
            f"{config.batch_size} images at once do not fit in the memory of the GPU; "
            f"going on with {half}",
            level="warning",
        )
    torch.cuda.empty_cache()  # only here: the error held on to what did not fit
    try:
        return _make(original, replace(task, config=config.model_copy(update={"batch_size": half})))
    except torch.cuda.OutOfMemoryError as error:
        raise DeviceMemoryError(
            f"{half} images at once do not fit in the memory of the GPU either; "
            "set a smaller batch_size, or free the GPU of other work"
        ) from error


def _make(original: TargetNetwork, task: Task) -> FoundModule:
    """Search, cut and recover."""
    config = task.config
    found = search_masks(original, task)
    module = cut(found, task)
    reference, finished = found.masked, found.search
    if config.recover != "none":
        finished = _recover_(module.to(task.device), original, found, task)
        reference = module.cpu().eval()
    return FoundModule(
        network=module,
        reference=reference,
        is_kept=found.is_kept,
        head_parameters=count_parameters(original.head),
        granularity=config.granularity,
        recover=config.recover,
        epochs=config.total_epochs,
        chosen_epoch=finished.best.epoch,
        batch_size=config.batch_size,
        wall_s=finished.wall_s,
    )


def _recover_(module: TargetNetwork, original: TargetNetwork, found: Found, task: Task) -> Finished:
    """Train a cut network in place and leave it at its best epoch; counts the search's time."""
    config = task.config
    steps = steps_per_epoch(len(task.train), config.batch_size)
    recovery = Recovery(
        module,
        original,
        config,
        retained_ratio=found.search.best.retained_ratio,
        total_steps=config.recover_epochs * steps,
        device=task.device,
    )
    finished = train_stage(
        recovery,
        task,
        name="recover",
        shown_as="recover",
        first=config.epochs,
        epochs=config.recover_epochs,
    )
    recovery.put_back(finished.best)
    return finished.after(found.search)

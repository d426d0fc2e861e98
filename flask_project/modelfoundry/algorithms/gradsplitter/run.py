"""GradSplitter: masks over the kernels of a frozen network, for all classes in one search.

Source: Qi et al., Reusing Convolutional Neural Network Models through Modularization and
Composition, TOSEM 2023. Differs: docs/methods.md.
"""

from copy import deepcopy
from pathlib import Path

import torch
from torch import Tensor, nn

from modelfoundry.algorithms.contract import ClassModule, FoundModule, FoundModules
from modelfoundry.algorithms.gradsplitter.config import GradSplitterConfig
from modelfoundry.algorithms.gradsplitter.extraction import Original, extract
from modelfoundry.algorithms.gradsplitter.memory import free_bytes, modules_at_once
from modelfoundry.algorithms.gradsplitter.search import Search, Task
from modelfoundry.algorithms.stage import Finished, Stage, train_stage
from modelfoundry.data.problem import Problem
from modelfoundry.errors import DeviceMemoryError
from modelfoundry.nn.cost import count_parameters
from modelfoundry.nn.gated_graph import insert_gates
from modelfoundry.nn.module_heads import ModuleHeads
from modelfoundry.nn.split_network import SplitNetwork
from modelfoundry.progress import Reporter
from modelfoundry.training.device import training_dtype
from modelfoundry.training.device_images import DeviceImages

SAMPLE_IMAGES = 2  # to record a network with
CHECK_IMAGES = 64
HALF = 0.5


def run(
    network: nn.Module,
    normalize: nn.Module,
    problem: Problem,
    config: GradSplitterConfig,
    *,
    base_accuracy: float,
    device: torch.device,
    checkpoint: Path,
    reporter: Reporter,
) -> FoundModules:
    """Search a module for each output of a problem; see :class:`JointSearch` in the contract.

    Images are labelled with the output of their class; those of other classes are no part of the
    problem. Every epoch reports ``loss``, ``accuracy``, ``retained_ratio``, ``base_accuracy``,
    ``best`` and, for each module in the order of the outputs, the lists ``kernels`` (kept) and
    ``recalls`` (0-1).

    Raises:
        DeviceMemoryError: One module at a time does not fit on the GPU either.
        ExportError: A small network computes something else than the masked one.
        InvalidInputError: The network cannot be recorded, or no kernel of it can be closed.
    """
    task = Task(
        train=DeviceImages(problem.train, device=device),
        validation=DeviceImages(problem.validation, device=device),
        config=config,
        base_accuracy=base_accuracy,
        device=device,
        reporter=reporter,
    )
    original = _prepare(network, normalize, task)
    num_modules = len(problem.outputs)
    at_once = modules_at_once(
        num_modules,
        values_per_image=original.gated.values_per_image,
        batch_size=config.batch_size,
        dtype=training_dtype(config.precision, device),
        free=free_bytes(device),
    )
    while True:
        if at_once < num_modules:
            reporter.log(
                f"The memory has room for {at_once} of {num_modules} modules at once, so a step "
                "takes several passes"
            )
        try:
            search, finished = _search(original, problem, task, checkpoint, at_once=at_once)
            break
        except torch.cuda.OutOfMemoryError as error:
            if at_once == 1:
                raise DeviceMemoryError(
                    f"{config.batch_size} images do not fit in the memory of the GPU even for one "
                    "module at a time; set a smaller batch_size, or free the GPU of other work"
                ) from error
            at_once //= 2
        torch.cuda.empty_cache()  # only here: the error held on to what did not fit
    return _extract_all(original, problem, search, finished, task)


def _prepare(network: nn.Module, normalize: nn.Module, task: Task) -> Original:
    """Find the kernels of the network and put gates behind them."""
    network, normalize = deepcopy(network).cpu().eval(), deepcopy(normalize).cpu()
    images = normalize(task.train.first(SAMPLE_IMAGES).cpu())
    gated = insert_gates(network, images, residual=task.config.residual)
    return Original(network, normalize, gated)


def _search(
    original: Original, problem: Problem, task: Task, checkpoint: Path, *, at_once: int
) -> tuple[Search, Finished]:
    config = task.config
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        heads = ModuleHeads(len(problem.outputs), len(problem.answer_of_class))
    split = SplitNetwork(
        deepcopy(original.normalize),
        deepcopy(original.gated),
        heads,
        alpha=config.alpha,
        modules_at_once=at_once,
    )
    search = Search(split.to(task.device), task)
    stage = Stage(
        shown_as="search",
        first=0,
        epochs=config.total_epochs,
        total_epochs=config.total_epochs,
        seed=config.seed,
        base_accuracy=task.base_accuracy,
        device=task.device,
        checkpoint=checkpoint,
        reporter=task.reporter,
    )
    finished = train_stage(search, stage)
    search.put_back(finished.best)
    return search, finished


def _extract_all(
    original: Original, problem: Problem, search: Search, finished: Finished, task: Task
) -> FoundModules:
    best, labels = finished.best, task.validation.labels.cpu()
    scores = search.final_scores().cpu()
    split = search.network.cpu().eval()
    images = task.validation.first(CHECK_IMAGES).cpu()
    kept = split.kernels_kept().tolist()
    modules, largest_difference = [], 0.0
    for number, name in enumerate(problem.outputs):
        task.reporter.raise_if_cancelled()
        extracted = extract(original, split, number, images)
        largest_difference = max(largest_difference, extracted.difference)
        found = FoundModule(
            network=extracted.network,
            reference=extracted.masked,
            is_kept=extracted.is_kept,
            head_parameters=count_parameters(extracted.masked.head),
            granularity="channel",
            recover="none",
            epochs=task.config.total_epochs,
            chosen_epoch=best.epoch,
            batch_size=task.config.batch_size,
            wall_s=finished.wall_s,
        )
        modules.append(
            ClassModule(
                name=name,
                found=found,
                kernels_kept=kept[number],
                kernels_total=split.num_kernels,
                f1_validation=f1(scores[:, number] > HALF, labels == number),
            )
        )
    task.reporter.log(
        f"Cut out {len(modules)} modules; of {split.num_kernels:,} kernels they keep at least "
        f"{min(kept):,}, at most {max(kept):,}; outputs differ by {largest_difference:.1e} at most"
    )
    accuracy = float((scores.argmax(dim=1) == labels).double().mean())
    return FoundModules(tuple(modules), best.epoch, accuracy)


def f1(is_predicted: Tensor, is_true: Tensor) -> float:
    """Return the harmonic mean of precision and recall, 0-1; 0 if nothing is right."""
    right = float((is_predicted & is_true).sum())
    return 2 * right / max(1.0, float(is_predicted.sum() + is_true.sum()))

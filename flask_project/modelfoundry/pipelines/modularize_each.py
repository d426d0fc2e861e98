"""From a plan to a module of each class on disk: one search, a bundle for each."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from pydantic import JsonValue

from modelfoundry.algorithms.contract import ClassModule, FoundModules
from modelfoundry.cards import DatasetCard, load_entry_point
from modelfoundry.catalog.algorithms import find_algorithm
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.data.joint_problem import pose_joint_problem
from modelfoundry.errors import UnknownNameError
from modelfoundry.nn.normalize import Normalize
from modelfoundry.pipelines.bundling import (
    CHECK_IMAGES,
    LATENCY_BUDGET_S,
    keep_original,
    write_bundle,
)
from modelfoundry.pipelines.commands import modularize_command
from modelfoundry.pipelines.found_modules import (
    Original,
    accuracy_to_reach,
    facts_of,
    figures_of,
    load_network,
    tell_accuracy_to_reach,
)
from modelfoundry.pipelines.joint_measures import Judge
from modelfoundry.pipelines.quantize import quantize_module
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import ModularizePlan, PlannedTarget
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.storage import write_durably
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages

CHECKPOINT = "search.pt"
WRITTEN = "written.json"
STAGE = "modules"
LEAST_LATENCY_BUDGET_S = 0.4
CPU = torch.device("cpu")


@dataclass(frozen=True)
class SearchedModules:
    """What a search found, and where it started from.

    Attributes:
        config: Settings of the plan's algorithm.
        base_accuracy: The original's on the validation part, 0-1.
    """

    original: Original
    found: FoundModules
    config: Any
    base_accuracy: float


def make_each(plan: ModularizePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Make all modules of a plan; an attempt that goes on writes those that are not there yet."""
    targets = binary_targets(plan.target, find_dataset(home, plan.dataset))
    searched = search_each(plan, targets, home=home, job_folder=job_folder, reporter=reporter)
    found = searched.found
    modules = _write_all(
        [plan.model_copy(update={"target": target}) for target in targets],
        searched.original,
        found,
        config=searched.config,
        reproduce=modularize_command(plan),
        home=home,
        job_folder=job_folder,
        reporter=reporter,
    )
    summary: dict[str, JsonValue] = {
        "modules": [
            _summary(module, module_id)
            for module, module_id in zip(found.modules, modules, strict=False)
        ],
        "accuracy_original_validation": searched.base_accuracy,
        "accuracy_composed_validation": found.accuracy_validation,
        "chosen_epoch": found.chosen_epoch,
    }
    return Outcome(modules=tuple(modules), summary=summary)


def search_each(
    plan: ModularizePlan,
    targets: list[PlannedTarget],
    *,
    home: Home,
    job_folder: Path,
    reporter: Reporter,
) -> SearchedModules:
    """Search the modules of some binary targets at once; nothing but a checkpoint is written."""
    device = best_device()
    algorithm = find_algorithm(plan.algorithm)
    config = load_entry_point(algorithm.config).model_validate(plan.settings)
    original = _load_original(plan, targets, home, config)
    problem = original.problem
    reporter.log(
        f"{original.model.title} on {device_label(device)}: {len(problem.train)} training, "
        f"{len(problem.validation)} validation images, {len(problem.outputs)} modules"
    )
    base_accuracy = accuracy_to_reach(original, device)
    tell_accuracy_to_reach(original, base_accuracy, reporter)
    found: FoundModules = load_entry_point(algorithm.run)(
        original.network,
        original.normalize,
        problem,
        config,
        base_accuracy=base_accuracy,
        device=device,
        checkpoint=job_folder / CHECKPOINT,
        reporter=reporter,
    )
    reporter.log(
        f"Epoch {found.chosen_epoch} is taken: together the modules reach "
        f"{found.accuracy_validation:.2%} on the validation images"
    )
    return SearchedModules(original, found, config, base_accuracy)


def binary_targets(target: PlannedTarget, dataset: DatasetCard) -> list[PlannedTarget]:
    """List the targets of the modules that ``each`` stands for.

    Raises:
        UnknownNameError: A group has been removed from the data set since the plan was made.
    """
    if not target.groups:
        return [PlannedTarget(kind="binary", classes=(name,)) for name in target.classes]
    groups = {group.name: group.classes for group in dataset.groups}
    for name in target.groups:
        if name not in groups:
            raise UnknownNameError(f"group of {dataset.name}", name, groups)
    return [
        PlannedTarget(kind="binary", classes=groups[name], group=name) for name in target.groups
    ]


def _load_original(
    plan: ModularizePlan, targets: list[PlannedTarget], home: Home, config: Any
) -> Original:
    model = find_model(home, plan.model)
    dataset = find_dataset(home, plan.dataset)
    return Original(
        model=model,
        dataset=dataset,
        network=load_network(home, model),
        normalize=Normalize(model.mean, model.std),
        problem=pose_joint_problem(
            load_dataset(home, plan.dataset),
            dataset.classes,
            wanted={target.title: target.classes for target in targets},
            validation_fraction=config.validation_fraction,
            subset=model.subset,
        ),
        saw_validation=model.subset is None
        and config.validation_fraction > model.held_out_fraction,
    )


def _write_all(
    plans: list[ModularizePlan],
    original: Original,
    found: FoundModules,
    *,
    config: Any,
    reproduce: str,
    home: Home,
    job_folder: Path,
    reporter: Reporter,
) -> list[str]:
    """Write a bundle of every module that is wanted; return their ids in order."""
    reporter.log("Measuring on the test images; writing and checking the files")
    judge = Judge.of(original, best_device())
    original_onnx = keep_original(original.whole().cpu(), original.model, home)
    images = DeviceImages(original.problem.test, device=CPU).first(CHECK_IMAGES)
    modules = _written_before(job_folder, home)
    for output, plan in enumerate(plans[len(modules) :], start=len(modules)):
        reporter.raise_if_cancelled()
        module = found.modules[output]
        of_original, of_module = figures_of(
            original, module.found, judge.judge(module.found, output)
        )
        total = module.kernels_total
        manifest = write_bundle(
            facts_of(plan, original, module.found, config=config, reproduce=reproduce),
            module.found.network.cpu(),
            reference=module.found.reference.cpu(),
            figures=replace(of_module, kernels_kept=module.kernels_kept, kernels_total=total),
            original=replace(of_original, kernels_kept=total, kernels_total=total),
            original_onnx=original_onnx,
            images=images,
            home=home,
            latency_budget_s=max(LEAST_LATENCY_BUDGET_S, LATENCY_BUDGET_S / len(plans)),
        )
        if "int8" in plan.exports:
            quantize_module(home, manifest["id"], reporter=reporter)
        modules.append(manifest["id"])
        write_durably(job_folder / WRITTEN, json.dumps(modules).encode())
        reporter.advance(STAGE, done=output + 1, total=len(plans))
    return modules


def _written_before(job_folder: Path, home: Home) -> list[str]:
    """List the modules that an earlier attempt of the job has written, in order."""
    path = job_folder / WRITTEN
    listed: list[str] = json.loads(path.read_bytes()) if path.exists() else []
    return listed if all((home.modules / each).exists() for each in listed) else []


def _summary(module: ClassModule, module_id: str) -> dict[str, JsonValue]:
    return {
        "class": module.name,
        "module": module_id,
        "kernels_kept": module.kernels_kept,
        "kernels_total": module.kernels_total,
        "f1_validation": module.f1_validation,
    }

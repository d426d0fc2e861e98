"""From a plan to a module on disk: load, search, measure, export."""

from pathlib import Path
from typing import Any

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.cards import load_entry_point
from modelfoundry.catalog.algorithms import find_algorithm
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.data.problem import pose_problem
from modelfoundry.nn.normalize import Normalize
from modelfoundry.nn.segments import describe_unmaskable, unmaskable_layers
from modelfoundry.pipelines.found_modules import (
    Original,
    accuracy_to_reach,
    bundle_found,
    load_network,
    measure_both,
    tell_accuracy_to_reach,
)
from modelfoundry.pipelines.modularize_each import make_each
from modelfoundry.pipelines.quantize import quantize_module
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device, device_label

CHECKPOINT = "search.pt"
NOTHING_REMOVED = (
    "Nothing is left out: no epoch with fewer weights is as accurate on the validation images as "
    "the original; more images of the target, more epochs or a smaller batch_size can help"
)


def run(plan: ModularizePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Make what a plan asks for; see :class:`modelfoundry.pipelines.registry.Pipeline`."""
    make = make_each if plan.target.kind == "each" else make_one
    return make(plan, home=home, job_folder=job_folder, reporter=reporter)


def make_one(plan: ModularizePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Make the one module of a plan."""
    device = best_device()
    algorithm = find_algorithm(plan.algorithm)
    config = load_entry_point(algorithm.config).model_validate(plan.settings)
    original = load_original(plan, home, config, others=config.others)
    problem = original.problem
    reporter.log(
        f"{original.model.title} on {device_label(device)}: {len(problem.train)} training, "
        f"{len(problem.validation)} validation images"
    )
    if whole := unmaskable_layers(original.network):
        reporter.log(describe_unmaskable(whole))
    base_accuracy = accuracy_to_reach(original, device)
    tell_accuracy_to_reach(original, base_accuracy, reporter)
    found: FoundModule = load_entry_point(algorithm.run)(
        original.network,
        original.normalize,
        problem,
        config,
        base_accuracy=base_accuracy,
        device=device,
        checkpoint=job_folder / CHECKPOINT,
        reporter=reporter,
    )
    if advice := advice_on(found):
        reporter.log(advice, level="warning")
    reporter.log(f"Epoch {found.chosen_epoch} is the module; measuring it on the test images")
    accuracies = measure_both(original, found, base_accuracy=base_accuracy, device=device)
    reporter.raise_if_cancelled()
    reporter.log("Writing and checking the files")
    manifest = bundle_found(plan, original, found, accuracies, config=config, home=home)
    measures = manifest["measures"]
    reporter.log(
        f"Module {manifest['id']}: {measures['module']['accuracy_test']:.2%} on the test images "
        f"(original {measures['original']['accuracy_test']:.2%}), "
        f"{measures['module']['retained_ratio']:.1%} of the weights"
    )
    if "int8" in plan.exports:
        quantize_module(home, manifest["id"], reporter=reporter)
    return Outcome(modules=(manifest["id"],), summary={"measures": measures})


def advice_on(found: FoundModule) -> str:
    """Say why a module is larger than it might be and what can help; empty if there is no sign."""
    if found.is_kept.all():
        return NOTHING_REMOVED
    if found.recover != "none" or 2 * found.chosen_epoch > found.epochs:
        return ""
    return (
        f"Epoch {found.chosen_epoch} of {found.epochs} is chosen because no later one has fewer "
        "weights and is as accurate on the validation images as the original. At a lower alpha "
        "later ones may be, and the module smaller; to try several: modelfoundry sweep --grid "
        "alpha=2,3,4"
    )


def load_original(plan: ModularizePlan, home: Home, config: Any, *, others: int = 1) -> Original:
    """Load what a plan starts from.

    Args:
        config: Tells which validation images to hold out.
        others: Training images of other classes for each one of a binary target.
    """
    model = find_model(home, plan.model)
    dataset = find_dataset(home, plan.dataset)
    return Original(
        model=model,
        dataset=dataset,
        network=load_network(home, model),
        normalize=Normalize(model.mean, model.std),
        problem=pose_problem(
            load_dataset(home, plan.dataset),
            dataset.classes,
            kind=plan.target.kind,
            target_classes=plan.target.classes,
            validation_fraction=config.validation_fraction,
            validation_from=config.validation_from,
            shots=plan.target.shots,
            shots_seed=plan.target.shots_seed,
            others=others,
        ),
        saw_validation=config.validation_from == "train"
        and config.validation_fraction > model.held_out_fraction,
    )

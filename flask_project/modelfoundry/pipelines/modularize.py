"""From a plan to a module on disk: load, search, measure, export."""

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.cards import DatasetCard, ModelCard, load_entry_point
from modelfoundry.catalog.algorithms import find_algorithm
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.data.problem import Problem, pose_problem
from modelfoundry.evaluation.accuracy import original_accuracy
from modelfoundry.evaluation.efficiency import LatencyComparison, compare_latency
from modelfoundry.export.bundle import StagedBundle, seal, stage_bundle
from modelfoundry.export.draft import BundleDraft, LayerMeasures, Measures, SearchFacts
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import trace
from modelfoundry.nn.cost import LayerCost, layer_costs
from modelfoundry.nn.normalize import Normalize
from modelfoundry.pipelines.commands import modularize_command
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.storage import storage_errors
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import accuracy
from modelfoundry.zoo.weights import load_weights

CHECKPOINT = "search.pt"
ORIGINAL_ONNX = "original.onnx"
CHECK_IMAGES = 256


@dataclass(frozen=True)
class _Inputs:
    """Everything the plan names, loaded."""

    model: ModelCard
    dataset: DatasetCard
    network: nn.Module
    normalize: nn.Module
    problem: Problem


@dataclass(frozen=True)
class _Accuracies:
    original_validation: float
    original_test: float
    module_validation: float
    module_test: float


def run(plan: ModularizePlan, *, home: Home, job_folder: Path, reporter: Reporter) -> Outcome:
    """Make the module of a plan; see :class:`modelfoundry.pipelines.registry.Pipeline`."""
    device = best_device()
    card = find_algorithm(plan.algorithm)
    config = load_entry_point(card.config).model_validate(plan.settings)
    inputs = _load(plan, home, validation_fraction=config.validation_fraction)
    problem = inputs.problem
    reporter.log(
        f"{inputs.model.title} on {device_label(device)}: {len(problem.train)} training, "
        f"{len(problem.validation)} validation images"
    )

    validation = DeviceImages(problem.validation, device=device)
    original = nn.Sequential(inputs.normalize, inputs.network).eval()
    base_accuracy = original_accuracy(original.to(device), validation, problem)
    reporter.log(f"The original reaches {base_accuracy:.2%} on the validation images")
    if config.validation_fraction > inputs.model.held_out_fraction:
        reporter.log(
            "The original was trained on the validation images, which flatters it there; "
            "only the test images are new to both",
            level="warning",
        )
    found: FoundModule = load_entry_point(card.run)(
        inputs.network,
        inputs.normalize,
        problem,
        config,
        base_accuracy=base_accuracy,
        device=device,
        checkpoint=job_folder / CHECKPOINT,
        reporter=reporter,
    )

    reporter.log(f"Epoch {found.chosen_epoch} is the module; measuring it on the test images")
    test = DeviceImages(problem.test, device=device)
    module = found.network.to(device)
    accuracies = _Accuracies(
        original_validation=base_accuracy,
        original_test=original_accuracy(original, test, problem),
        module_validation=accuracy(module, validation),
        module_test=accuracy(module, test),
    )
    check_images = test.first(CHECK_IMAGES).cpu()
    original.cpu()
    found.network.cpu()
    found.masked.cpu()

    reporter.raise_if_cancelled()
    reporter.log("Writing and checking the files")
    original_onnx = job_folder / ORIGINAL_ONNX
    with storage_errors(job_folder):
        original_onnx.write_bytes(onnx_bytes(trace(original, inputs.model.input_shape)))
    with stage_bundle(
        home.modules, network=found.network, reference=found.masked, check_images=check_images
    ) as staged:
        latency = compare_latency(
            [original_onnx, staged.onnx_path],
            check_images.numpy(),
            threads=torch.get_num_threads(),
        )
        costs = layer_costs(inputs.network, found.is_kept, inputs.normalize(check_images[:1]))
        original_measures, module_measures = _measures(
            accuracies, costs, found, latency, original_onnx=original_onnx, staged=staged
        )
        manifest = seal(
            staged,
            BundleDraft(
                title=", ".join(plan.target.classes),
                target_kind=str(plan.target.kind),
                classes=plan.target.classes,
                model=inputs.model,
                dataset=inputs.dataset,
                image_counts={
                    "train": len(problem.train),
                    "validation": len(problem.validation),
                    "test": len(problem.test),
                },
                algorithm=plan.algorithm,
                preset=plan.preset,
                settings=config.model_dump(mode="json"),
                seed=config.seed,
                search=SearchFacts(
                    epochs=config.epochs,
                    chosen_epoch=found.chosen_epoch,
                    wall_s=found.wall_s,
                    device=device_label(device),
                ),
                original_saw_validation=config.validation_fraction > inputs.model.held_out_fraction,
                original=original_measures,
                module=module_measures,
                layers=tuple(LayerMeasures(**asdict(cost)) for cost in costs),
                latency_setup=latency.setup,
                reproduce=modularize_command(plan),
            ),
        )
    reporter.log(
        f"Module {manifest['id']}: {accuracies.module_test:.2%} on the test images "
        f"(original {accuracies.original_test:.2%}), "
        f"{float(found.is_kept.float().mean()):.1%} of the weights"
    )
    return Outcome(module_id=manifest["id"], summary={"measures": manifest["measures"]})


def _load(plan: ModularizePlan, home: Home, *, validation_fraction: float) -> _Inputs:
    model = find_model(home, plan.model)
    dataset = find_dataset(home, plan.dataset)
    network = load_weights(
        model, model_folder(home, plan.model), find_architecture(model.architecture)
    )
    problem = pose_problem(
        load_dataset(home, plan.dataset),
        dataset.classes,
        kind=str(plan.target.kind),
        target_classes=plan.target.classes,
        validation_fraction=validation_fraction,
    )
    return _Inputs(model, dataset, network, Normalize(model.mean, model.std), problem)


def _measures(
    accuracies: _Accuracies,
    costs: list[LayerCost],
    found: FoundModule,
    latency: LatencyComparison,
    *,
    original_onnx: Path,
    staged: StagedBundle,
) -> tuple[Measures, Measures]:
    """Put the figures of the original and of the module side by side."""
    weights_total = sum(cost.weights_total for cost in costs)
    macs_dense = sum(cost.macs_dense for cost in costs)
    original = Measures(
        accuracy_validation=accuracies.original_validation,
        accuracy_test=accuracies.original_test,
        weights_kept=weights_total,
        weights_total=weights_total,
        head_parameters=0,
        macs_dense=macs_dense,
        macs_masked=macs_dense,
        file_size_bytes=original_onnx.stat().st_size,
        latency_ms=latency.latency_ms[0],
    )
    module = Measures(
        accuracy_validation=accuracies.module_validation,
        accuracy_test=accuracies.module_test,
        weights_kept=sum(cost.weights_kept for cost in costs),
        weights_total=weights_total,
        head_parameters=found.head_parameters,
        macs_dense=macs_dense,
        macs_masked=sum(cost.macs_masked for cost in costs),
        file_size_bytes=staged.onnx_path.stat().st_size,
        latency_ms=latency.latency_ms[1],
    )
    return original, module

"""Write a found module as a bundle, with its cost measured beside the original's."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.data.problem import Problem
from modelfoundry.evaluation.efficiency import LatencyComparison, compare_latency
from modelfoundry.evaluation.onnx_cost import file_cost
from modelfoundry.export.bundle import StagedBundle, seal, stage_bundle
from modelfoundry.export.draft import BundleDraft, LayerMeasures, Measures, SearchFacts
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import trace
from modelfoundry.nn.cost import LayerCost, layer_costs
from modelfoundry.pipelines.commands import modularize_command
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.settings import Home
from modelfoundry.storage import storage_errors
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages

ORIGINAL_ONNX = "original.onnx"
CHECK_IMAGES = 256
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Original:
    """What a module is cut from, and the problem it is cut out for.

    Attributes:
        network: Normalised images to K logits.
        saw_validation: Whether it was trained on the problem's validation images.
    """

    model: ModelCard
    dataset: DatasetCard
    network: nn.Module
    normalize: nn.Module
    problem: Problem
    saw_validation: bool

    def whole(self) -> nn.Sequential:
        """Return the network with its normalisation: images in 0-1 to K logits."""
        return nn.Sequential(self.normalize, self.network).eval()


@dataclass(frozen=True)
class Accuracies:
    """Shares of right answers on the target, 0-1."""

    original_validation: float
    original_test: float
    module_validation: float
    module_test: float


def bundle(
    plan: ModularizePlan,
    original: Original,
    found: FoundModule,
    accuracies: Accuracies,
    *,
    config: Any,
    home: Home,
    job_folder: Path,
    reproduce: str = "",
) -> dict[str, Any]:
    """Write the bundle, all of it or nothing, and return its manifest.

    Args:
        config: Settings of the plan's algorithm.
        job_folder: The original's ONNX file is written there, to be timed.
        reproduce: The command that makes the module again, if it is not the plan's own.

    Raises:
        ExportError: A written file does not compute what the masked network computes.
        StorageError: The disk is full or cannot be written.
    """
    images = DeviceImages(original.problem.test, device=CPU).first(CHECK_IMAGES)
    whole = original.whole().cpu()
    original_onnx = job_folder / ORIGINAL_ONNX
    with storage_errors(job_folder):
        original_onnx.write_bytes(onnx_bytes(trace(whole, original.model.input_shape)))
    with stage_bundle(
        home.modules,
        network=found.network.cpu(),
        reference=found.reference.cpu(),
        check_images=images,
    ) as staged:
        latency = compare_latency(
            [original_onnx, staged.onnx_path], images.numpy(), threads=torch.get_num_threads()
        )
        costs = _costs(original, found, images)
        draft = BundleDraft(
            title=plan.target.title,
            target_kind=plan.target.kind,
            classes=plan.target.classes,
            group=plan.target.group,
            shots=plan.target.shots,
            shots_seed=plan.target.shots_seed,
            model=original.model,
            dataset=original.dataset,
            image_counts={
                "train": len(original.problem.train),
                "validation": len(original.problem.validation),
                "test": len(original.problem.test),
            },
            algorithm=plan.algorithm,
            preset=plan.preset,
            settings=config.model_dump(mode="json"),
            seed=config.seed,
            search=SearchFacts(
                granularity=found.granularity,
                recover=found.recover,
                epochs=found.epochs,
                chosen_epoch=found.chosen_epoch,
                wall_s=found.wall_s,
                device=device_label(best_device()),
            ),
            original_saw_validation=original.saw_validation,
            original=_original_measures(accuracies, costs, latency, original_onnx),
            module=_module_measures(accuracies, costs, latency, staged, found),
            layers=tuple(LayerMeasures(**asdict(cost)) for cost in costs),
            latency_setup=latency.setup,
            reproduce=reproduce or modularize_command(plan),
        )
        return seal(staged, draft)


def _costs(original: Original, found: FoundModule, images: Tensor) -> list[LayerCost]:
    return layer_costs(original.network, found.is_kept, original.normalize(images[:1]))


def _original_measures(
    accuracies: Accuracies, costs: list[LayerCost], latency: LatencyComparison, onnx: Path
) -> Measures:
    weights_total = sum(cost.weights_total for cost in costs)
    macs_dense = sum(cost.macs_dense for cost in costs)
    in_file = file_cost(onnx)
    return Measures(
        accuracy_validation=accuracies.original_validation,
        accuracy_test=accuracies.original_test,
        weights_kept=weights_total,
        weights_total=weights_total,
        head_parameters=0,
        macs_dense=macs_dense,
        macs_masked=macs_dense,
        parameters=in_file.parameters,
        macs=in_file.macs,
        file_size_bytes=onnx.stat().st_size,
        latency_ms=latency.latency_ms[0],
    )


def _module_measures(
    accuracies: Accuracies,
    costs: list[LayerCost],
    latency: LatencyComparison,
    staged: StagedBundle,
    found: FoundModule,
) -> Measures:
    in_file = file_cost(staged.onnx_path)
    return Measures(
        accuracy_validation=accuracies.module_validation,
        accuracy_test=accuracies.module_test,
        weights_kept=sum(cost.weights_kept for cost in costs),
        weights_total=sum(cost.weights_total for cost in costs),
        head_parameters=found.head_parameters,
        macs_dense=sum(cost.macs_dense for cost in costs),
        macs_masked=sum(cost.macs_masked for cost in costs),
        parameters=in_file.parameters,
        macs=in_file.macs,
        file_size_bytes=staged.onnx_path.stat().st_size,
        latency_ms=latency.latency_ms[1],
    )

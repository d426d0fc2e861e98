"""Write a network as a bundle, with its cost measured beside that of the network it stands for."""

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from modelfoundry.cards import ModelCard
from modelfoundry.evaluation.efficiency import compare_latency
from modelfoundry.evaluation.onnx_cost import file_cost
from modelfoundry.evaluation.onnx_graph import LayerWeights
from modelfoundry.export.bundle import seal, stage_bundle
from modelfoundry.export.draft import BundleFacts, BundleMeasures, LayerMeasures, Measures
from modelfoundry.export.graph_file import draw_graphs
from modelfoundry.export.manifest import FILE_BY_FORMAT, Manifest
from modelfoundry.export.networks import keep_network, network_key, network_path
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import trace
from modelfoundry.nn.cost import LayerCost
from modelfoundry.settings import Home

CHECK_IMAGES = 256
LATENCY_BUDGET_S = 4.0


@dataclass(frozen=True)
class Figures:
    """What is known of a network before it is a file.

    Attributes:
        accuracy_validation: 0-1, on the images that chose the module.
        accuracy_test: 0-1, on images that chose nothing.
        costs: By layer; what a mask has dropped counts in ``weights_total`` alone.
        head_parameters: Of an output layer made for the target.
        kernels_kept: Output channels of convolutions that are left; None where single weights are
            masked, or nothing is.
        kernels_total: All of them; None like ``kernels_kept``.
    """

    accuracy_validation: float
    accuracy_test: float
    costs: list[LayerCost]
    head_parameters: int = 0
    kernels_kept: int | None = None
    kernels_total: int | None = None


def keep_original(whole: nn.Module, model: ModelCard, home: Home) -> Path:
    """Keep the network that modules are compared with, unless it is kept already.

    Args:
        whole: Images in 0-1 to logits, on the CPU in eval mode.
        model: The card of the same network.
        home: Where it is kept, to be timed now and tried later beside its modules.

    Returns:
        The ONNX file.

    Raises:
        ExportError: The network uses an operation that ONNX lacks.
        StorageError: The disk is full or cannot be written.
    """
    kept = network_path(home, network_key(model))
    if kept.exists():
        return kept
    return keep_network(home, model, onnx_bytes(trace(whole, model.input_shape)))


def write_bundle(
    facts: BundleFacts,
    network: nn.Module,
    *,
    reference: nn.Module,
    figures: Figures,
    original: Figures,
    original_onnx: Path,
    images: Tensor,
    home: Home,
    latency_budget_s: float = LATENCY_BUDGET_S,
) -> Manifest:
    """Write a bundle, all of it or nothing, and return its manifest.

    Args:
        facts: What the manifest says besides measures.
        network: Images in 0-1 to the logits of ``facts.outputs``, on the CPU in eval mode.
        reference: What the written files are compared with, on the same images.
        figures: Of ``network``.
        original: Of what it is compared with, on the same target.
        original_onnx: The latter as a file.
        images: Float32 ``(N, C, H, W)`` in 0-1 to compare and time with.
        home: Where modules are.
        latency_budget_s: Seconds of timing, both networks in turns.

    Raises:
        ExportError: A written file does not compute what ``reference`` computes.
        StorageError: The disk is full or cannot be written.
    """
    with stage_bundle(
        home.modules, network=network, reference=reference, check_images=images
    ) as staged:
        latency = compare_latency(
            [original_onnx, staged.onnx_path],
            images.numpy(),
            threads=torch.get_num_threads(),
            budget_s=latency_budget_s,
        )
        original_ms, module_ms = latency.latency_ms
        measures = BundleMeasures(
            original=_measures(original, original_onnx, original_ms),
            module=_measures(figures, staged.onnx_path, module_ms),
            layers=tuple(LayerMeasures(**asdict(cost)) for cost in figures.costs),
            latency_setup=latency.setup,
        )
        draw_graphs(
            staged.folder / FILE_BY_FORMAT["graph"],
            original=original_onnx,
            module=staged.onnx_path,
            weights=_layer_weights(figures),
        )
        return seal(staged, facts, measures)


def _layer_weights(figures: Figures) -> dict[str, LayerWeights]:
    return {
        cost.name: LayerWeights(cost.weights_kept, cost.weights_total)
        for cost in figures.costs
        if cost.weights_total
    }


def _measures(figures: Figures, onnx: Path, latency_ms: dict[str, float]) -> Measures:
    in_file = file_cost(onnx)
    return Measures(
        accuracy_validation=figures.accuracy_validation,
        accuracy_test=figures.accuracy_test,
        weights_kept=sum(cost.weights_kept for cost in figures.costs),
        weights_total=sum(cost.weights_total for cost in figures.costs),
        kernels_kept=figures.kernels_kept,
        kernels_total=figures.kernels_total,
        head_parameters=figures.head_parameters,
        macs_dense=sum(cost.macs_dense for cost in figures.costs),
        macs_masked=sum(cost.macs_masked for cost in figures.costs),
        parameters=in_file.parameters,
        macs=in_file.macs,
        file_size_bytes=onnx.stat().st_size,
        latency_ms=latency_ms,
    )

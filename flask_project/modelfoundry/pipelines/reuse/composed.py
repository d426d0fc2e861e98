"""Write a network that was put together as a bundle, beside what it is compared with."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.modules import find_module
from modelfoundry.export.draft import BundleFacts, Parent, SearchFacts
from modelfoundry.export.manifest import Manifest
from modelfoundry.export.networks import network_key
from modelfoundry.nn.cost import LayerCost, layer_costs
from modelfoundry.nn.segments import maskable_segments
from modelfoundry.pipelines.bundling import CHECK_IMAGES, Figures, keep_original, write_bundle
from modelfoundry.pipelines.reuse.commands import reuse_command
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.pipelines.reuse.task import Task
from modelfoundry.pipelines.reuse_requests import ComposePlan
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages

ALGORITHM = "composition"
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Compared:
    """The network that a composed one stands beside.

    Attributes:
        network: Images in 0-1 to logits, on the CPU: the normalisation, then the rest.
    """

    card: ModelCard
    network: nn.Sequential
    accuracy_validation: float
    accuracy_test: float

    def costs(self) -> list[LayerCost]:
        """Count its layers, of which nothing is masked."""
        normalize, network = self.network
        is_kept = torch.ones(maskable_segments(network)[-1].stop, dtype=torch.bool)
        return layer_costs(network, is_kept, normalize(torch.zeros(1, *self.card.input_shape)))


@dataclass(frozen=True)
class Composed:
    """A network made of modules, and what is to be said of it.

    Attributes:
        title: What it is called on screen.
        network: Images in 0-1 to a logit for each of ``outputs``, on the CPU.
        parents: Each module it holds with the output it answers for, in the outputs' order.
        part_names: Where in ``network`` each of the modules is, each once.
        rule: By which the modules were chosen.
        other_costs: Of the layers that are no module's, under their names in ``network``.
    """

    title: str
    outputs: tuple[str, ...]
    network: nn.Module
    parents: Sequence[tuple[PoolModule, str]]
    part_names: Sequence[str]
    rule: str
    accuracy_validation: float
    accuracy_test: float
    other_costs: Sequence[LayerCost] = ()


def bundle_composed(
    plan: ComposePlan,
    composed: Composed,
    compared: Compared,
    *,
    task: Task,
    dataset: DatasetCard,
    home: Home,
    wall_s: float,
) -> Manifest:
    """Write the bundle, all of it or nothing, and return its manifest.

    Args:
        task: Whose images both were measured on.
        dataset: Where those come from.
        wall_s: Seconds it took to choose the modules.

    Raises:
        ExportError: A written file does not compute what the network computes.
        StorageError: The disk is full or cannot be written.
    """
    manifests = {module.id: find_module(home, module.id) for module, _ in composed.parents}
    granularities = {manifest["search"]["granularity"] for manifest in manifests.values()}
    facts = BundleFacts(
        title=composed.title,
        target_kind="multi-class",
        classes=composed.outputs,
        group=None,
        shots=None,
        shots_seed=0,
        model=compared.card,
        dataset=dataset,
        image_counts={"train": 0, "validation": len(task.selection), "test": len(task.test)},
        algorithm=ALGORITHM,
        preset=composed.rule,
        settings=plan.model_dump(mode="json"),
        seed=0,
        search=SearchFacts(
            granularity=granularities.pop() if len(granularities) == 1 else "hybrid",
            recover="none",
            epochs=0,
            chosen_epoch=0,
            batch_size=None,
            wall_s=wall_s,
            device=device_label(best_device()),
        ),
        original_saw_validation=False,
        reproduce=reuse_command(plan),
        parents=tuple(
            Parent(module.id, output, module.weights_sha256) for module, output in composed.parents
        ),
        original_network=network_key(compared.card),
    )
    kernels = _kernels(manifests)
    return write_bundle(
        facts,
        composed.network,
        reference=composed.network,
        figures=Figures(
            accuracy_validation=composed.accuracy_validation,
            accuracy_test=composed.accuracy_test,
            costs=[*composed.other_costs, *_costs(manifests, composed.part_names)],
            head_parameters=sum(_measures(m)["head_parameters"] for m in manifests.values()),
            kernels_kept=kernels and kernels[0],
            kernels_total=kernels and kernels[1],
        ),
        original=Figures(
            accuracy_validation=compared.accuracy_validation,
            accuracy_test=compared.accuracy_test,
            costs=compared.costs(),
        ),
        original_onnx=keep_original(compared.network, compared.card, home),
        images=DeviceImages(task.test, device=CPU).first(CHECK_IMAGES),
        home=home,
    )


def dataset_of_outputs(home: Home, task: Task) -> DatasetCard:
    """Describe where a task's images come from: a data set, or several together."""
    names = dict.fromkeys(output.dataset for output in task.outputs)
    cards = [find_dataset(home, name) for name in names]
    if len(cards) == 1:
        return cards[0]
    hashes = "".join(card.content_sha256 for card in cards)
    return DatasetCard(
        name="+".join(names),
        title=" and ".join(card.title for card in cards),
        classes=task.names,
        input_shape=cards[0].input_shape,
        is_mirrorable=all(card.is_mirrorable for card in cards),
        license=" and ".join(dict.fromkeys(card.license for card in cards)),
        source="; ".join(card.source for card in cards),
        content_sha256=hashlib.sha256(hashes.encode()).hexdigest(),
    )


def _measures(manifest: Manifest) -> dict[str, int]:
    measures: dict[str, int] = manifest["measures"]["module"]
    return measures


def _costs(manifests: Mapping[str, Manifest], part_names: Sequence[str]) -> list[LayerCost]:
    """List the layers of all modules, under their names in the composed network."""
    return [
        LayerCost(**{**layer, "name": f"{part}.{layer['name']}"})
        for part, manifest in zip(part_names, manifests.values(), strict=True)
        for layer in manifest["layers"]
    ]


def _kernels(manifests: Mapping[str, Manifest]) -> tuple[int, int] | None:
    """Count the kernels kept and all of them; None if a module was not cut by kernels."""
    counts = [
        (_measures(manifest)["kernels_kept"], _measures(manifest)["kernels_total"])
        for manifest in manifests.values()
    ]
    if any(kept is None for kept, _ in counts):
        return None
    return sum(kept for kept, _ in counts), sum(total for _, total in counts)

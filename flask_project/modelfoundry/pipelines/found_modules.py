"""From what a search has found to a bundle: measure it beside its original, and write it."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.models import model_folder
from modelfoundry.data.problem import Problem
from modelfoundry.evaluation.accuracy import original_accuracy
from modelfoundry.export.draft import BundleFacts, SearchFacts
from modelfoundry.export.manifest import Manifest
from modelfoundry.export.networks import network_key
from modelfoundry.nn.cost import layer_costs
from modelfoundry.nn.kernels import count_kernels
from modelfoundry.nn.normalize import with_normalization
from modelfoundry.pipelines.bundling import CHECK_IMAGES, Figures, keep_original, write_bundle
from modelfoundry.pipelines.commands import modularize_command
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import accuracy
from modelfoundry.zoo.weights import load_weights

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
        return with_normalization(self.normalize, self.network)


@dataclass(frozen=True)
class Accuracies:
    """Shares of right answers on the target, 0-1."""

    original_validation: float
    original_test: float
    module_validation: float
    module_test: float


def load_network(home: Home, model: ModelCard) -> nn.Module:
    """Load a model's network: normalised images to K logits.

    Raises:
        GoneError: The weights have been deleted.
    """
    architecture = find_architecture(model.architecture)
    return load_weights(model, model_folder(home, model.name), architecture)


def accuracy_to_reach(original: Original, device: torch.device) -> float:
    """Measure the original on the validation images; a search has to reach that."""
    images = DeviceImages(original.problem.validation, device=device)
    return original_accuracy(original.whole().to(device), images, original.problem)


def tell_accuracy_to_reach(original: Original, base_accuracy: float, reporter: Reporter) -> None:
    """Say in the log what a search has to reach, and whether that is fair."""
    reporter.log(f"The original reaches {base_accuracy:.2%} on the validation images")
    if original.saw_validation:
        reporter.log(
            "The original was trained on the validation images, which flatters it there; "
            "only the test images are new to both",
            level="warning",
        )


def measure_both(
    original: Original, found: FoundModule, *, base_accuracy: float, device: torch.device
) -> Accuracies:
    """Measure both networks; the only place that reads the test images' labels.

    Args:
        base_accuracy: The original's on the validation images.
    """
    problem = original.problem
    validation = DeviceImages(problem.validation, device=device)
    test = DeviceImages(problem.test, device=device)
    module: nn.Module = found.network.to(device)
    return Accuracies(
        original_validation=base_accuracy,
        original_test=original_accuracy(original.whole().to(device), test, problem),
        module_validation=accuracy(module, validation),
        module_test=accuracy(module, test),
    )


def figures_of(
    original: Original, found: FoundModule, accuracies: Accuracies
) -> tuple[Figures, Figures]:
    """Count what the original and the module cost; returns the figures of each."""
    network = original.network.cpu()
    example = original.normalize.cpu()(torch.zeros(1, *original.model.input_shape))
    everything = torch.ones_like(found.is_kept)
    kept, total = None, None
    if found.granularity == "channel":
        kept, total = count_kernels(network, found.is_kept)
    of_original = Figures(
        accuracy_validation=accuracies.original_validation,
        accuracy_test=accuracies.original_test,
        costs=layer_costs(network, everything, example),
        kernels_kept=total,
        kernels_total=total,
    )
    of_module = Figures(
        accuracy_validation=accuracies.module_validation,
        accuracy_test=accuracies.module_test,
        costs=layer_costs(network, found.is_kept, example),
        head_parameters=found.head_parameters,
        kernels_kept=kept,
        kernels_total=total,
    )
    return of_original, of_module


def bundle_found(
    plan: ModularizePlan,
    original: Original,
    found: FoundModule,
    accuracies: Accuracies,
    *,
    config: Any,
    home: Home,
    reproduce: str = "",
) -> Manifest:
    """Write the bundle of a module, all of it or nothing, and return its manifest.

    Args:
        config: Settings of the plan's algorithm.
        reproduce: The command that makes the module again, if it is not the plan's own.

    Raises:
        ExportError: A written file does not compute what the masked network computes.
        StorageError: The disk is full or cannot be written.
    """
    of_original, of_module = figures_of(original, found, accuracies)
    return write_bundle(
        facts_of(plan, original, found, config=config, reproduce=reproduce),
        found.network.cpu(),
        reference=found.reference.cpu(),
        figures=of_module,
        original=of_original,
        original_onnx=keep_original(original.whole().cpu(), original.model, home),
        images=DeviceImages(original.problem.test, device=CPU).first(CHECK_IMAGES),
        home=home,
    )


def facts_of(
    plan: ModularizePlan, original: Original, found: FoundModule, *, config: Any, reproduce: str
) -> BundleFacts:
    """Say of a module what is known without its files; see :func:`bundle_found`."""
    problem = original.problem
    return BundleFacts(
        title=plan.target.title,
        target_kind=plan.target.kind,
        classes=plan.target.classes,
        group=plan.target.group,
        shots=plan.target.shots,
        shots_seed=plan.target.shots_seed,
        model=original.model,
        dataset=original.dataset,
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
            granularity=found.granularity,
            recover=found.recover,
            epochs=found.epochs,
            chosen_epoch=found.chosen_epoch,
            batch_size=found.batch_size,
            wall_s=found.wall_s,
            device=device_label(best_device()),
        ),
        original_saw_validation=original.saw_validation,
        reproduce=reproduce or modularize_command(plan),
        original_network=network_key(original.model),
    )

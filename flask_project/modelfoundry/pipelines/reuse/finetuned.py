"""Write a fine-tuned network as a bundle, beside the pre-trained one with a new output layer."""

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import torch
from pydantic import JsonValue

from modelfoundry.algorithms.finetune.run import FineTuned
from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.data.images import ImageSet
from modelfoundry.evaluation.robustness_report import InheritanceReport
from modelfoundry.export.draft import BundleFacts, SearchFacts
from modelfoundry.export.manifest import Manifest
from modelfoundry.export.networks import network_key
from modelfoundry.export.weights_file import weights_sha256
from modelfoundry.nn.cost import count_parameters, layer_costs
from modelfoundry.pipelines.bundling import CHECK_IMAGES, Figures, keep_original, write_bundle
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages

ALGORITHM = "finetune"
COMPARED_WITH = "the pre-trained network with nothing but a new output layer"
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Accuracies:
    """Shares of right answers, 0-1."""

    compared_validation: float
    compared_test: float
    module_validation: float
    module_test: float


def bundle_finetuned(
    plan: FinetunePlan,
    found: FineTuned,
    accuracies: Accuracies,
    *,
    model: ModelCard,
    dataset: DatasetCard,
    image_counts: Mapping[str, int],
    check_images: ImageSet,
    inherited: InheritanceReport | None,
    home: Home,
) -> Manifest:
    """Write the bundle, all of it or nothing, and return its manifest.

    Args:
        model: The pre-trained one.
        dataset: What it was fine-tuned to.
        image_counts: Images used, by part.
        check_images: In the size that the network takes.
        inherited: On the test images.

    Raises:
        ExportError: A written file does not compute what the network computes.
        StorageError: The disk is full or cannot be written.
    """
    compared = found.compared.cpu()
    compared_card = _compared_card(found, accuracies, model, dataset)
    example = compared.normalize(torch.zeros(1, *model.input_shape))
    head_parameters = count_parameters(compared.head)
    network = found.network.cpu()
    return write_bundle(
        BundleFacts(
            title=dataset.title,
            target_kind="multi-class",
            classes=dataset.classes,
            group=dataset.name,
            shots=None,
            shots_seed=0,
            model=model,
            dataset=dataset,
            image_counts=image_counts,
            algorithm=ALGORITHM,
            preset=plan.preset,
            settings={"how": plan.how, **plan.config.model_dump(mode="json")},
            seed=plan.seed,
            search=SearchFacts(
                granularity="weight",
                recover="full",
                epochs=sum(step.epochs for step in found.steps),
                chosen_epoch=found.steps[-1].chosen_epoch,
                batch_size=plan.config.batch_size,
                wall_s=sum(step.wall_s for step in found.steps),
                device=device_label(best_device()),
            ),
            original_saw_validation=False,
            reproduce=finetune_command(plan),
            finetuning=_finetuning(plan, found, model, dataset, inherited),
            original_network=network_key(compared_card),
        ),
        network,
        reference=network,
        figures=Figures(
            accuracy_validation=accuracies.module_validation,
            accuracy_test=accuracies.module_test,
            costs=layer_costs(compared.trunk, found.is_nonzero, example),
            head_parameters=head_parameters,
        ),
        original=Figures(
            accuracy_validation=accuracies.compared_validation,
            accuracy_test=accuracies.compared_test,
            costs=layer_costs(compared.trunk, torch.ones_like(found.is_nonzero), example),
            head_parameters=head_parameters,
        ),
        original_onnx=keep_original(compared, compared_card, home),
        images=DeviceImages(check_images, device=CPU).first(CHECK_IMAGES),
        home=home,
    )


def finetune_command(plan: FinetunePlan) -> str:
    """Write the command that does the same again, whatever presets say by then."""
    words = ["modelfoundry", "finetune", "--model", plan.model, "--dataset", plan.dataset]
    words += ["--how", plan.how, "--seed", str(plan.seed), "--preset", plan.preset]
    for name, value in plan.config.model_dump(mode="json").items():
        words += ["--set", f"{name}={str(value).lower() if isinstance(value, bool) else value}"]
    if plan.attack is None:
        words += ["--no-attack"]
    else:
        for name, value in plan.attack.model_dump(mode="json", exclude_defaults=True).items():
            words += ["--set-attack", f"{name}={value}"]
    return shlex.join(words)


def steps_json(found: FineTuned) -> list[JsonValue]:
    """List the steps that were taken."""
    return [asdict(step) for step in found.steps]


def _finetuning(
    plan: FinetunePlan,
    found: FineTuned,
    model: ModelCard,
    dataset: DatasetCard,
    inherited: InheritanceReport | None,
) -> dict[str, JsonValue]:
    is_resized = dataset.input_shape != model.input_shape
    return {
        "how": plan.how,
        "prune_threshold": plan.config.prune_threshold if plan.how == "seam" else None,
        "retained_ratio": found.retained_ratio,
        "resized_from": list(dataset.input_shape) if is_resized else None,
        "compared_with": COMPARED_WITH,
        "steps": steps_json(found),
        "inherited": None if inherited is None else _with_settings(inherited),
    }


def _with_settings(inherited: InheritanceReport) -> dict[str, JsonValue]:
    return {**inherited.summary(), "settings": inherited.settings.model_dump(mode="json")}


def _compared_card(
    found: FineTuned, accuracies: Accuracies, model: ModelCard, dataset: DatasetCard
) -> ModelCard:
    return model.model_copy(
        update={
            "title": f"{model.title} with a new output layer",
            "dataset": dataset.name,
            "classes": dataset.classes,
            "num_parameters": count_parameters(found.compared),
            "weights_sha256": weights_sha256(found.compared),
            "test_accuracy": accuracies.compared_test,
        }
    )

"""Measure a model on a data set's test images."""

from pathlib import Path

from torch import nn

from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.catalog.models import find_model, model_folder
from modelfoundry.errors import InvalidInputError
from modelfoundry.evaluation.accuracy import accuracy_per_class
from modelfoundry.nn.normalize import Normalize
from modelfoundry.pipelines.registry import Outcome
from modelfoundry.pipelines.requests import EvaluateRequest
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import accuracy
from modelfoundry.zoo.weights import load_weights


def run(
    plan: EvaluateRequest,
    *,
    home: Home,
    job_folder: Path,  # noqa: ARG001 - nothing to resume
    reporter: Reporter,
) -> Outcome:
    """Measure a model; see :class:`modelfoundry.pipelines.registry.Pipeline`."""
    device = best_device()
    model = find_model(home, plan.model)
    dataset = find_dataset(home, plan.dataset or model.dataset)
    if dataset.classes != model.classes or dataset.input_shape != model.input_shape:
        raise InvalidInputError.of(
            "/dataset",
            f"{model.name!r} knows the {len(model.classes)} classes of {model.dataset!r} in images "
            f"of {model.input_shape}; {dataset.name!r} has {len(dataset.classes)} classes in "
            f"images of {dataset.input_shape}: choose a data set with the same classes and shape",
        )
    network = load_weights(
        model, model_folder(home, plan.model), find_architecture(model.architecture)
    )
    full = nn.Sequential(Normalize(model.mean, model.std), network).to(device)
    images = DeviceImages(load_dataset(home, dataset.name).test, device=device)
    reporter.log(f"{model.title} on {device_label(device)}: {len(images)} test images")
    overall = accuracy(full, images)
    per_class = accuracy_per_class(full, images, len(dataset.classes))
    reporter.log(f"Accuracy {overall:.2%}")
    return Outcome(
        summary={
            "dataset": dataset.name,
            "images": len(images),
            "accuracy": overall,
            "accuracy_per_class": dict(zip(dataset.classes, per_class, strict=True)),
        }
    )

"""What the models do by themselves on a task, which a composition has to beat."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from pydantic import JsonValue
from torch import nn

from modelfoundry.cards import ModelCard
from modelfoundry.data.images import ImageSet
from modelfoundry.pipelines.reuse.networks import open_model
from modelfoundry.pipelines.reuse.task import Task
from modelfoundry.progress import Reporter
from modelfoundry.settings import Home
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict


@dataclass(frozen=True)
class Single:
    """A model's shares of right answers on a task, 0-1."""

    model: ModelCard
    accuracy_validation: float
    accuracy_test: float

    def as_json(self) -> dict[str, JsonValue]:
        """Return the row that results list."""
        return {
            "model": self.model.name,
            "accuracy_validation": self.accuracy_validation,
            "accuracy_test": self.accuracy_test,
        }


def measure_singles(
    models: Sequence[ModelCard], task: Task, *, home: Home, reporter: Reporter
) -> list[Single]:
    """Measure whole models on both parts of a task of their data set."""
    singles = []
    for model in models:
        reporter.raise_if_cancelled()
        network = open_model(home, model).to(best_device())
        validation, test = (
            accuracy_on(network, model, task, images) for images in (task.selection, task.test)
        )
        singles.append(Single(model, validation, test))
        reporter.log(f"{model.title}: {test:.2%} on the test part by itself")
    return singles


def accuracy_on(network: nn.Module, model: ModelCard, task: Task, images: ImageSet) -> float:
    """Return a model's share of right answers: its answer over all K classes, translated."""
    served = DeviceImages(images, device=best_device())
    outputs = torch.from_numpy(task.output_of_class(model.dataset, model.classes))
    answers = outputs[predict(network, served).argmax(dim=1)]
    return float((answers == served.labels.cpu()).double().mean())

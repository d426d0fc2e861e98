"""How often a network is right, and how often the original is on a target it was not made for."""

import torch
from torch import nn

from modelfoundry.data.problem import Problem
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict


def original_accuracy(original: nn.Module, images: DeviceImages, problem: Problem) -> float:
    """Return the original's accuracy on a target: its answer over all K classes, translated.

    Args:
        original: Float images in 0-1 to logits of all K classes of the data set.
        images: With the target's labels, on the device of ``original``.

    Source: SeaM, the base accuracy that a module has to beat.
    """
    answers = torch.from_numpy(problem.answer_of_class)[predict(original, images).argmax(dim=1)]
    return float((answers == images.labels.cpu()).double().mean())


def accuracy_per_class(
    network: nn.Module, images: DeviceImages, num_classes: int
) -> list[float | None]:
    """Return the accuracy among the images of each class, 0-1; None for a class without images."""
    labels = images.labels.cpu()
    is_right = predict(network, images).argmax(dim=1) == labels
    right = torch.bincount(labels[is_right], minlength=num_classes).tolist()
    counts = torch.bincount(labels, minlength=num_classes).tolist()
    return [hits / count if count else None for hits, count in zip(right, counts, strict=True)]

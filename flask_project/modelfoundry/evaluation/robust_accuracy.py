"""How often a network is still right when it is attacked itself."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from modelfoundry.data.images import ImageSet
from modelfoundry.data.splits import draw_images
from modelfoundry.evaluation.attack_settings import AutoAttackSettings, PgdSettings
from modelfoundry.evaluation.examples import MAX_EXAMPLES, changed_examples
from modelfoundry.evaluation.projected_descent import Reach, descend
from modelfoundry.evaluation.robustness_report import Example, PgdReport, UnderBudget
from modelfoundry.progress import Reporter
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict

STEP_SHARE = 0.25  # of the budget

Attack = Callable[[Tensor, Tensor, float], Tensor]
"""From images in 0-1, their labels, and a budget to attacked images."""


@dataclass(frozen=True)
class Surviving:
    """What a network still answers rightly.

    Attributes:
        images: That were looked at.
        clean_accuracy: 0-1.
        under: One for each budget, ascending.
        examples: Of the largest budget that misled any.
        wall_s: Of all of it.
    """

    images: int
    clean_accuracy: float
    under: tuple[UnderBudget, ...]
    examples: tuple[Example, ...]
    wall_s: float


def measure_pgd(
    network: nn.Module,
    images: ImageSet,
    *,
    settings: PgdSettings,
    device: torch.device,
    reporter: Reporter,
) -> PgdReport:
    """Attack a network by projected gradient descent on its own cross-entropy.

    Args and Raises: see :func:`survive`.
    """
    generator = torch.Generator(device).manual_seed(settings.seed)

    def attack(clean: Tensor, labels: Tensor, budget: float) -> Tensor:
        reach = Reach(budget, STEP_SHARE * budget, settings.steps, low=0.0, high=1.0)
        start = torch.rand(clean.shape, generator=generator, device=device)
        return descend(clean, start, reach, partial(_gradient, network, labels))

    found = survive(network, images, attack, settings=settings, device=device, reporter=reporter)
    return PgdReport(attack="pgd", settings=settings, **vars(found))


def survive(
    network: nn.Module,
    images: ImageSet,
    attack: Attack,
    *,
    settings: PgdSettings | AutoAttackSettings,
    device: torch.device,
    reporter: Reporter,
) -> Surviving:
    """Attack a network within each budget, the smallest first.

    An image that is answered wrongly while clean, or within a smaller budget, is not attacked
    again: it counts as wrong within the larger one, which contains what misled it.

    Args:
        network: Float images in 0-1 to the logits of the images' labels, in eval mode; moved to
            ``device``, and its weights get no gradients any more.
        images: With their labels.
        attack: On ``network``.
        settings: Budgets in the units of images in 0-1.
        device: Where the network runs.
        reporter: Told of every batch.

    Raises:
        Cancelled: Between two batches, when the reporter says so.
    """
    started = monotonic()
    chosen = draw_images(images, settings.images, seed=settings.seed)
    network = network.to(device).requires_grad_(requires_grad=False)
    left = _right_ones(network, chosen, device)
    clean_accuracy = len(left) / len(chosen)
    under, examples = [], list[Example]()
    for budget in sorted(set(settings.budgets)):
        batches = -(-len(left) // settings.batch_size)
        is_right, found = [np.empty(0, dtype=bool)], list[Example]()
        served = DeviceImages(left, device=device).in_order(settings.batch_size)
        for number, (clean, labels) in enumerate(served):
            reporter.raise_if_cancelled()
            attacked = attack(clean, labels, budget)
            with torch.inference_mode():
                answers = network(attacked).argmax(dim=1)
            room = MAX_EXAMPLES - len(found)
            found += changed_examples(clean, attacked, labels, answers, at_most=room)
            is_right.append((answers == labels).cpu().numpy())
            stage = f"budget {round(budget * 255, 2):g} of 255"
            reporter.advance(stage, done=number + 1, total=batches)
        left = left.take(np.flatnonzero(np.concatenate(is_right)))
        examples = found or examples
        under.append(UnderBudget(budget=budget, right=len(left), accuracy=len(left) / len(chosen)))
    return Surviving(
        images=len(chosen),
        clean_accuracy=clean_accuracy,
        under=tuple(under),
        examples=tuple(examples),
        wall_s=monotonic() - started,
    )


def _right_ones(network: nn.Module, images: ImageSet, device: torch.device) -> ImageSet:
    answers = predict(network, DeviceImages(images, device=device)).argmax(dim=1)
    return images.take(np.flatnonzero(answers.numpy() == images.labels))


def _gradient(network: nn.Module, labels: Tensor, images: Tensor) -> Tensor:
    """Return the gradient of what is to become small: minus the cross-entropy."""
    images = images.detach().requires_grad_()
    loss = -cross_entropy(network(images), labels, reduction="sum")
    gradient, *_ = torch.autograd.grad(loss, images)
    return gradient

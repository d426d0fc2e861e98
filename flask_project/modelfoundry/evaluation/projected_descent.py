"""Walk within a distance of an image, a fixed step for every pixel: the core of both attacks."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Reach:
    """How far and where to walk, in one unit for all.

    Attributes:
        budget: How far a pixel may move from the clean image.
        step_size: Of every pixel in every step.
        low: Least value of a pixel; ``high``: the largest.
    """

    budget: float
    step_size: float
    steps: int
    low: float
    high: float


def descend(
    clean: Tensor, start: Tensor, reach: Reach, gradient: Callable[[Tensor], Tensor]
) -> Tensor:
    """Walk against the sign of a gradient, projected after every step.

    Args:
        clean: Images ``(N, C, H, W)``; not changed.
        start: Random numbers in 0-1 of the same shape: where in the budget to begin.
        reach: In the unit of the images.
        gradient: Of what is to become small, by the pixels.

    Source: Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018.
    """
    lowest = (clean - reach.budget).clamp_(min=reach.low)
    highest = (clean + reach.budget).clamp_(max=reach.high)
    moved = (clean + (2 * start - 1) * reach.budget).clamp_(reach.low, reach.high)
    for _ in range(reach.steps):
        moved = moved.sub_(gradient(moved).sign_(), alpha=reach.step_size).clamp_(lowest, highest)
    return moved

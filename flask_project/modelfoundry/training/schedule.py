"""How learning rates move over the steps of a training run."""

import math
from collections.abc import Callable, Sequence

import torch

WARM_UP_SHARE = 0.1
START_SHARE = 0.04  # of the peak, where the warm-up begins
END_SHARE = 1e-4
APPROACH_SHARE = 2 / 3
STEP_SHARES = (0.3, 0.6)  # epochs 60 and 120 of 200


def one_cycle(step: int, total_steps: int) -> float:
    """Return the share of the peak rate: cosine warm-up over a tenth, then a cosine to zero.

    Source: Smith and Topin, Super-Convergence, 2018. Differs: two cosines, no momentum cycle.
    """
    warm_up_steps = max(1, round(total_steps * WARM_UP_SHARE))
    if step < warm_up_steps:
        return _cosine(START_SHARE, 1.0, step / warm_up_steps)
    return _cosine(1.0, END_SHARE, (step - warm_up_steps) / max(1, total_steps - warm_up_steps))


def constant(step: int, total_steps: int) -> float:  # noqa: ARG001 - one signature for schedules
    """Stay at the peak rate."""
    return 1.0


def steps(step: int, total_steps: int) -> float:
    """Return 1, from three tenths of the run on a tenth, from six tenths on a hundredth."""
    return 0.1 ** sum(step >= share * total_steps for share in STEP_SHARES)


def approach(goal: float, step: int, total_steps: int) -> float:
    """Return how far a share that starts at 1 has come to its goal: fast first, then ever slower.

    It is there after two thirds of the steps. Source: Zhu and Gupta, To Prune, or Not to Prune,
    2017.
    """
    left = max(0.0, 1 - step / (APPROACH_SHARE * total_steps))
    return goal + (1 - goal) * left**3


SCHEDULES: dict[str, Callable[[int, int], float]] = {
    "one-cycle": one_cycle,
    "constant": constant,
    "steps": steps,
}


def rate_setter(
    optimizer: torch.optim.Optimizer,
    *,
    schedule: str,
    peaks: Sequence[float],
    total_steps: int,
) -> Callable[[int], None]:
    """Return a function that sets the rates of an optimizer for a step.

    Args:
        optimizer: Its groups' ``lr`` are tensors, updated in place so that a recorded step
            sees them.
        schedule: A key of :data:`SCHEDULES`.
        peaks: Peak rate of each parameter group, in order.
        total_steps: Steps of the whole run.
    """
    share = SCHEDULES[schedule]

    def set_rates(step: int) -> None:
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"].fill_(peak * share(step, total_steps))

    return set_rates


def _cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(share, 1.0))) / 2

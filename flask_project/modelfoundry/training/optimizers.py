"""Optimizers set up so that their steps can be recorded and their rates moved in place."""

from collections.abc import Sequence

import torch
from torch import nn


def adam(groups: Sequence[list[nn.Parameter]], *, device: torch.device) -> torch.optim.Adam:
    """Make Adam over parameter groups whose rates are set before every step."""
    return torch.optim.Adam(
        [{"params": group, "lr": torch.zeros((), device=device)} for group in groups],
        fused=True,
        capturable=device.type == "cuda",
    )


def restart_(optimizer: torch.optim.Optimizer) -> None:
    """Let an optimizer forget all steps, in place so that recorded ones see it."""
    for state in optimizer.state.values():
        for value in state.values():
            value.zero_()


def sgd(
    groups: Sequence[list[nn.Parameter]],
    *,
    weight_decay: float,
    device: torch.device,
    momentum: float = 0.9,
    nesterov: bool = True,
) -> torch.optim.SGD:
    """Make SGD over parameter groups whose rates are set before every step.

    Args:
        nesterov: Needs a momentum.
    """
    return torch.optim.SGD(
        [{"params": group, "lr": torch.zeros((), device=device)} for group in groups],
        momentum=momentum,
        nesterov=nesterov,
        weight_decay=weight_decay,
        fused=True,
    )

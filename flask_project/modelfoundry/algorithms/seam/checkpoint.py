"""What a search writes after every epoch, so that a killed one goes on where it was."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from modelfoundry.algorithms.seam.selection import Candidate
from modelfoundry.nn.masking import PackedMask


def save_checkpoint(
    path: Path,
    *,
    epoch: int,
    trained: nn.Module,
    optimizers: Mapping[str, torch.optim.Optimizer],
    best: Candidate,
    elapsed_s: float,
) -> None:
    """Write the state after ``epoch`` epochs; an older checkpoint stays whole until the end."""
    state = {
        "epoch": epoch,
        "trained": {k: v for k, v in trained.named_parameters() if v.requires_grad},
        "optimizers": {name: optimizer.state_dict() for name, optimizer in optimizers.items()},
        "best": asdict(best),
        "elapsed_s": elapsed_s,
    }
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load_checkpoint(
    path: Path,
    *,
    trained: nn.Module,
    optimizers: Mapping[str, torch.optim.Optimizer],
    device: torch.device,
) -> tuple[int, Candidate, float]:
    """Put a saved state back in place; return the epoch, the best candidate, and the seconds."""
    state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    parameter_by_name = dict(trained.named_parameters())
    with torch.no_grad():
        for name, value in state["trained"].items():
            parameter_by_name[name].copy_(value)
    for name, optimizer in optimizers.items():
        optimizer.load_state_dict(state["optimizers"][name])
    best = Candidate(**{**state["best"], "mask": PackedMask(**state["best"]["mask"])})
    return state["epoch"], best, state["elapsed_s"]

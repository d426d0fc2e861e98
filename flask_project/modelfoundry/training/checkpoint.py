"""State of a training run on disk, so that a killed run goes on where it was."""

from pathlib import Path
from typing import Any

import torch

State = dict[str, Any]


def save_state(path: Path, state: State) -> None:
    """Write tensors and plain values; an older file stays whole until the new one is."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def load_state(path: Path, *, device: torch.device) -> State | None:
    """Read what :func:`save_state` wrote, or None if there is nothing yet."""
    if not path.exists():
        return None
    state: State = torch.load(path, map_location=device, weights_only=True)
    return state

"""State of a training run on disk, so that a killed run goes on where it was."""

import io
import pickle
from pathlib import Path
from typing import Any

import torch

from modelfoundry.errors import UnreadableFileError
from modelfoundry.storage import storage_errors, write_durably

State = dict[str, Any]


def save_state(path: Path, state: State) -> None:
    """Write tensors and plain values; an older file stays whole until the new one is.

    Raises:
        StorageError: The disk is full or cannot be written.
    """
    content = io.BytesIO()  # torch's own writer reports a full disk in terms of its file format
    torch.save(state, content)
    partial = path.with_suffix(".partial")
    with storage_errors(path):
        write_durably(partial, content.getvalue())
        partial.replace(path)


def load_state(path: Path, *, device: torch.device) -> State | None:
    """Read what :func:`save_state` wrote, or None if there is nothing yet.

    Raises:
        UnreadableFileError: It is damaged.
    """
    if not path.exists():
        return None
    try:
        state: State = torch.load(path, map_location=device, weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as damage:
        raise UnreadableFileError(
            f"the checkpoint {path} is damaged, so that the work cannot go on from it; delete it "
            "and retry the job, which then begins anew, or submit the job again"
        ) from damage
    return state

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from modelfoundry.errors import StorageError, UnreadableFileError
from modelfoundry.training.checkpoint import load_state, save_state

CPU = torch.device("cpu")


def test_there_is_no_state_before_one_is_saved(tmp_path: Path):
    assert load_state(tmp_path / "state.pt", device=CPU) is None


def test_tensors_and_plain_values_come_back(tmp_path: Path):
    save_state(tmp_path / "state.pt", {"epoch": 3, "weights": torch.tensor([1.5]), "bits": b"\x01"})

    state = load_state(tmp_path / "state.pt", device=CPU)

    assert state is not None
    assert (state["epoch"], state["weights"].tolist(), state["bits"]) == (3, [1.5], b"\x01")


@pytest.mark.parametrize("kept_share", [0.0, 0.5, 0.9])
def test_a_damaged_state_is_named_with_the_way_out(tmp_path: Path, kept_share: float):
    path = tmp_path / "state.pt"
    save_state(path, {"weights": torch.zeros(1000)})
    content = path.read_bytes()
    path.write_bytes(content[: int(kept_share * len(content))])

    with pytest.raises(UnreadableFileError, match=r"state\.pt is damaged, .*; delete it and retry"):
        load_state(path, device=CPU)


@contextmanager
def files_up_to(size_bytes: int) -> Iterator[None]:
    """Refuse to write further into any file, as a full disk would.

    Python turns the signal into an OSError. Within the narrowest block only: what pytest prints
    may go to a file too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_a_clear_error_and_keeps_the_older_state(tmp_path: Path):
    save_state(tmp_path / "state.pt", {"epoch": 1})

    with pytest.raises(StorageError, match="free some space"), files_up_to(4096):
        save_state(tmp_path / "state.pt", {"epoch": 2, "weights": torch.zeros(10_000)})

    state = load_state(tmp_path / "state.pt", device=CPU)
    assert state is not None
    assert state["epoch"] == 1

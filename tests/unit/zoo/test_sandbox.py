import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from modelfoundry.cards import ArchitectureCard
from modelfoundry.errors import InvalidInputError, StorageError, UnreadableFileError
from modelfoundry.zoo.sandbox import convert_checkpoint, preview_checkpoint
from modelfoundry.zoo.small_cnn import SmallCnn

SMALL = ArchitectureCard(
    name="cnn-small", title="", family="cnn", builder="modelfoundry.zoo.small_cnn:SmallCnn"
)


class RunsWhenUnpickled:
    """Its pickle makes a folder in whatever process loads it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return (os.mkdir, (str(self.mark),))


def convert(source: Path, *, destination: Path, timeout_s: float = 60):
    return convert_checkpoint(
        source,
        destination,
        architectures=[SMALL],
        num_classes=10,
        input_shape=(3, 32, 32),
        timeout_s=timeout_s,
    )


def test_checkpoint_is_converted_in_a_child(tmp_path: Path):
    torch.save(SmallCnn(10).state_dict(), tmp_path / "weights.pt")
    report = convert(tmp_path / "weights.pt", destination=tmp_path / "out")
    assert report.architecture == "cnn-small"
    assert (tmp_path / "out").exists()


def test_pickled_code_is_named_and_never_runs(tmp_path: Path):
    mark, source = tmp_path / "ran", tmp_path / "evil.pt"
    torch.save({"state_dict": RunsWhenUnpickled(mark)}, source)
    torch.load(source, weights_only=False)
    assert mark.exists()  # the payload works where nothing stops it
    mark.rmdir()

    with pytest.raises(InvalidInputError, match=r"pickled Python code \(posix\.mkdir\)"):
        convert(source, destination=tmp_path / "out")
    assert not mark.exists()


def test_truncated_file_is_called_so(tmp_path: Path):
    source = tmp_path / "weights.pt"
    torch.save(SmallCnn(10).state_dict(), source)
    source.write_bytes(source.read_bytes()[:5000])
    with pytest.raises(
        UnreadableFileError,
        match=r"weights\.pt is truncated, damaged or no checkpoint; save or download it again",
    ):
        convert(source, destination=tmp_path / "out")


def test_truncated_safetensors_are_called_so(tmp_path: Path):
    source = tmp_path / "weights.safetensors"
    save_file(SmallCnn(10).state_dict(), source)
    source.write_bytes(source.read_bytes()[:5000])
    with pytest.raises(UnreadableFileError, match=r"weights\.safetensors is truncated, damaged or"):
        convert(source, destination=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_pickled_code_does_not_run_for_a_preview_either(tmp_path: Path):
    mark, source = tmp_path / "ran", tmp_path / "evil.pt"
    torch.save({"state_dict": RunsWhenUnpickled(mark)}, source)

    with pytest.raises(InvalidInputError, match=r"pickled Python code \(posix\.mkdir\)"):
        preview_checkpoint(source, architectures=[SMALL])
    assert not mark.exists()


def test_full_disk_is_a_storage_error(tmp_path: Path):
    torch.save(SmallCnn(10).state_dict(), tmp_path / "weights.pt")
    with pytest.raises(StorageError, match="No space left"):
        convert(tmp_path / "weights.pt", destination=Path("/dev/full"))


def test_slow_file_is_given_up(tmp_path: Path):
    torch.save(SmallCnn(10).state_dict(), tmp_path / "weights.pt")
    with pytest.raises(UnreadableFileError, match="within 0 s"):
        convert(tmp_path / "weights.pt", destination=tmp_path / "out", timeout_s=0.01)


def test_other_kind_of_file_is_refused_before_any_process_starts(tmp_path: Path):
    with pytest.raises(InvalidInputError, match=r"weights\.h5 is not one of .*\.safetensors"):
        convert(tmp_path / "weights.h5", destination=tmp_path / "out", timeout_s=0)


def test_child_can_use_little_memory_and_write_small_files_only():
    code = (
        "import resource; from modelfoundry.zoo.convert import limit_resources; limit_resources();"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE)[0], resource.getrlimit(resource.RLIMIT_AS)"
        "[1] < 2**34)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(4 * 2**30), "True"]


def test_no_other_machine_is_within_reach_once_the_network_is_left():
    code = (
        "import errno, socket; from modelfoundry.zoo.convert import leave_network;"
        "left = leave_network(); probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
        "print(not left or probe.connect_ex(('192.0.2.1', 9)) == errno.ENETUNREACH)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"

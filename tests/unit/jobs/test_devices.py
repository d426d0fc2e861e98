from pathlib import Path

import pytest

from modelfoundry.jobs.devices import GpuUsage, gpu_names, gpu_usage, slot_devices, visible_gpus


@pytest.fixture
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def test_without_a_gpu_there_is_one_slot(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")

    assert slot_devices(0) == [None]
    assert slot_devices(3) == [None, None, None]


def test_there_is_one_slot_per_gpu_that_may_be_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,5")

    assert slot_devices(0) == ["2", "5"]


def test_more_slots_than_gpus_share_them_in_turn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,5")

    assert slot_devices(3) == ["2", "5", "2"]


@pytest.mark.usefixtures("no_limit")
def test_gpus_are_counted_and_named_by_the_driver_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'GPU 0: Some (UUID: a)'\necho 'GPU 1: Some (UUID: b)'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert visible_gpus() == ["0", "1"]
    assert gpu_names() == ["Some", "Some"]


@pytest.mark.usefixtures("no_limit")
def test_a_driver_tool_that_fails_means_no_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\nexit 9\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert visible_gpus() == []


@pytest.mark.parametrize(
    ("said", "usage"),
    [("73, 1024", GpuUsage(0.73, 2**30)), ("[N/A], [N/A]", None), ("", None)],
    ids=["a GPU", "a part of one", "nothing"],
)
def test_the_driver_tool_tells_how_much_of_a_gpu_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, usage: GpuUsage | None
):
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\necho '{said}'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert gpu_usage("0") == usage

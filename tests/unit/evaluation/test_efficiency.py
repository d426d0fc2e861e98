from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from tests.unit.evaluation.networks import write_conv

from modelfoundry.evaluation.efficiency import compare_latency, device_name

IMAGES = np.zeros((3, 3, 8, 8), dtype=np.float32)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_conv(tmp_path / "small.onnx", channels=1)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return write_conv(tmp_path / "large.onnx", channels=4096)


def test_a_network_with_thousands_of_times_the_work_takes_longer(small: Path, large: Path):
    comparison = compare_latency([small, large], IMAGES, threads=1, batch_sizes=(16,), runs=10)
    small_ms, large_ms = (latency["16"] for latency in comparison.latency_ms)
    assert 0 < small_ms < large_ms


def test_every_file_is_timed_at_every_batch_size(small: Path, large: Path):
    comparison = compare_latency([small, large], IMAGES, threads=1, batch_sizes=(1, 4), runs=5)
    assert [list(latency) for latency in comparison.latency_ms] == [["1", "4"], ["1", "4"]]


def test_the_setup_says_on_what_and_how_it_was_measured(small: Path):
    comparison = compare_latency([small], IMAGES, threads=1, batch_sizes=(1,), runs=10)
    assert comparison.setup == {
        "engine": f"ONNX Runtime {version('onnxruntime')}",
        "device": device_name(),
        "threads": 1,
        "runs": 10,
    }


def test_a_spent_budget_ends_after_one_burst(small: Path):
    comparison = compare_latency(
        [small], IMAGES, threads=1, batch_sizes=(1,), runs=1000, budget_s=0
    )
    assert comparison.setup["runs"] == 2


def test_the_device_is_a_processor_the_system_names():
    assert device_name() in Path("/proc/cpuinfo").read_text()

from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelfoundry.evaluation.efficiency import compare_latency, device_name

IMAGES = np.zeros((3, 3, 8, 8), dtype=np.float32)


def write_conv(path: Path, *, channels: int) -> Path:
    """Write a network of one 3x3 convolution as ONNX."""
    weight = np.ones((channels, 3, 3, 3), dtype=np.float32)
    graph = helper.make_graph(
        [helper.make_node("Conv", ["images", "weight"], ["logits"])],
        "conv",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["N", 3, 8, 8])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", channels, 6, 6])],
        [numpy_helper.from_array(weight, "weight")],
    )
    opset = helper.make_opsetid("", 20)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=10), path)
    return path


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

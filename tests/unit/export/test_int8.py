from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from modelfoundry.export.int8 import write_int8
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import trace
from modelfoundry.onnx_engine import open_session

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).random((64, 3, 8, 8), dtype=np.float32)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, images) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("int8")
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(1024, 2)
    )
    float_file, int8_file = folder / "module.onnx", folder / "module.int8.onnx"
    float_file.write_bytes(onnx_bytes(trace(network.eval(), (3, 8, 8))))
    write_int8(float_file, int8_file, images)
    return float_file, int8_file


def test_weights_take_a_byte_each(files: tuple[Path, Path]):
    _, int8_file = files
    stored = {
        tuple(tensor.dims): tensor.data_type for tensor in onnx.load(int8_file).graph.initializer
    }

    assert stored[16, 3, 3, 3] == onnx.TensorProto.INT8
    assert stored[2, 1024] == onnx.TensorProto.INT8


def test_outputs_are_close_but_not_the_same(files: tuple[Path, Path], images: np.ndarray):
    # Rounding to 256 steps is off by up to 1/512 of the range, at each of two layers.
    exact, rounded = (open_session(file).run(None, {"images": images})[0] for file in files)

    difference = np.abs(exact - rounded).max() / np.abs(exact).max()
    assert 0 < difference < 0.05


def test_nothing_else_is_left_in_the_folder(files: tuple[Path, Path]):
    float_file, int8_file = files

    assert set(float_file.parent.iterdir()) == {float_file, int8_file}

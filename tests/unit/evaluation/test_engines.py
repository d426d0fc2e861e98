from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.unit.evaluation.networks import write_conv

from modelfoundry.evaluation.engines import Engine, onnx_runtime, openvino

BATCH = np.zeros((2, 3, 8, 8), dtype=np.float32)
needs_openvino = pytest.mark.skipif(find_spec("openvino") is None, reason="OpenVINO is optional")


@pytest.fixture(params=[onnx_runtime, pytest.param(openvino, marks=needs_openvino)])
def engine(request) -> Engine:
    made: Engine = request.param()
    return made


def test_every_run_is_timed(engine: Engine, tmp_path: Path):
    with engine.open(write_conv(tmp_path / "conv.onnx"), BATCH, threads=1) as run:
        seconds = run(3)

    assert len(seconds) == 3
    assert min(seconds) > 0


def test_an_engine_says_its_version(engine: Engine):
    assert engine.name.split()[-1][0].isdigit()


@pytest.mark.skipif(find_spec("openvino") is not None, reason="OpenVINO is installed")
def test_an_engine_that_is_not_installed_is_not_offered():
    assert openvino() is None

import os
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tests.unit.evaluation.networks import write_conv

from modelfoundry.errors import EngineError
from modelfoundry.evaluation.deepsparse import deepsparse, downgrade
from modelfoundry.evaluation.efficiency import compare_latency
from modelfoundry.onnx_engine import open_session

PYTHON = os.environ.get("MODELFOUNDRY_DEEPSPARSE_PYTHON", "")
needs_deepsparse = pytest.mark.skipif(not PYTHON, reason="DeepSparse is optional")
IMAGES = np.random.default_rng(0).random((2, 3, 4, 4), dtype=np.float32)


def mean_and_reshape() -> onnx.ModelProto:
    """Average each channel, then flatten: the two operations that changed their form."""
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["images", "axes"], ["mean"], noop_with_empty_axes=0),
            helper.make_node("Reshape", ["mean", "shape"], ["logits"], allowzero=1),
        ],
        "pool",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["N", 3, 4, 4])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 3])],
        [
            numpy_helper.from_array(np.array([-1, -2]), "axes"),
            numpy_helper.from_array(np.array([-1, 3]), "shape"),
        ],
    )
    opset = helper.make_opsetid("", 20)
    return helper.make_model(graph, opset_imports=[opset], ir_version=10)


def test_a_network_in_the_older_form_is_valid_and_computes_the_same():
    older = downgrade(mean_and_reshape())

    onnx.checker.check_model(older, full_check=True)
    assert older.opset_import[0].version == 13
    (logits,) = open_session(older.SerializeToString()).run(None, {"images": IMAGES})
    np.testing.assert_allclose(logits, IMAGES.mean(axis=(2, 3)), rtol=1e-6)


def test_the_network_itself_is_left_alone():
    network = mean_and_reshape()

    downgrade(network)

    assert network == mean_and_reshape()


def test_an_interpreter_that_does_not_exist_is_named_with_the_way_out():
    with pytest.raises(EngineError, match=r"'/nowhere/python' .*MODELFOUNDRY_DEEPSPARSE_PYTHON"):
        deepsparse("/nowhere/python")


def test_an_interpreter_without_the_engine_is_refused():
    with pytest.raises(EngineError, match="has no working DeepSparse"):
        deepsparse(sys.executable)


@needs_deepsparse
@pytest.mark.slow
def test_the_engine_times_networks_and_states_its_licence(tmp_path: Path):
    engine = deepsparse(PYTHON)

    comparison = compare_latency(
        [write_conv(tmp_path / "conv.onnx")],
        np.zeros((1, 3, 8, 8), dtype=np.float32),
        threads=1,
        engine=engine,
        batch_sizes=(1,),
        runs=2,
    )

    assert comparison.latency_ms[0]["1"] > 0
    assert comparison.setup["engine"] == engine.name
    assert engine.note == "licensed for evaluation only, not for production"


@needs_deepsparse
@pytest.mark.slow
def test_a_network_the_engine_refuses_is_an_error_with_its_own_words(tmp_path: Path):
    path = tmp_path / "broken.onnx"
    broken = mean_and_reshape()
    broken.graph.node[1].op_type = "NoSuchOperation"
    onnx.save(broken, path)

    with (
        deepsparse(PYTHON).open(path, IMAGES, threads=1) as run,
        pytest.raises(EngineError, match="NoSuchOperation"),
    ):
        run(1)

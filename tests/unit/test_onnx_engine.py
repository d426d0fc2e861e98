import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from modelfoundry.errors import UnreadableFileError
from modelfoundry.onnx_engine import open_session

OPEN = """
import sys
from pathlib import Path
from modelfoundry.onnx_engine import open_session
open_session(Path(sys.argv[1]))
"""


@pytest.fixture
def negation(tmp_path: Path) -> Path:
    """Write the network y = -x."""
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N"]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "g", ends[:1], ends[1:])
    opset = helper.make_opsetid("", 20)
    path = tmp_path / "negation.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=10), path)
    return path


def test_a_network_runs_from_a_file_and_from_memory(negation: Path):
    x = np.array([1.0, -2.0], dtype=np.float32)
    (from_file,) = open_session(negation).run(None, {"x": x})
    (from_memory,) = open_session(negation.read_bytes()).run(None, {"x": x})
    assert from_file.tolist() == from_memory.tolist() == [-1.0, 2.0]


def test_a_damaged_network_is_told_from_a_failure(negation: Path):
    negation.write_bytes(b"no network")

    with pytest.raises(UnreadableFileError, match="damaged"):
        open_session(negation)


def test_opening_a_network_leaves_no_identifier_and_no_report_on_disk(
    negation: Path, tmp_path: Path
):
    home = tmp_path / "home"
    home.mkdir()
    # Neither set here nor silenced by being a test: only the code under test may decide.
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment = inherited | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    subprocess.run([sys.executable, "-c", OPEN, negation], env=environment, check=True)
    assert list(home.rglob("*")) == []

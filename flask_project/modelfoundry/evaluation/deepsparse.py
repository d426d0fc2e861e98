"""DeepSparse, an engine that skips zero weights, in an environment of its own.

It needs an older Python and older packages than ours, and its licence allows evaluation alone, so
it is used only where somebody has named its interpreter, and always through another process.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

import numpy as np
import onnx
from onnx import ModelProto, helper, numpy_helper

from modelfoundry.errors import EngineError
from modelfoundry.evaluation.engines import Engine, Images, Run

WORKER = Path(__file__).with_name("deepsparse_worker.py")
LICENSE_NOTE = "licensed for evaluation only, not for production"
PROBE = "from importlib.metadata import version; import deepsparse; print(version('deepsparse'))"
PROBE_TIMEOUT_S = 120
OPSET = 13  # the newest in which DeepSparse runs nearly every operation itself
IR_VERSION = 8
COMPLAINT_LENGTH = 400


def deepsparse(python: str) -> Engine:
    """Return the engine of another environment.

    Args:
        python: Interpreter of an environment with ``deepsparse==1.8.0``.

    Raises:
        EngineError: There is no such interpreter, or it has no DeepSparse.
    """
    way_out = (
        "set MODELFOUNDRY_DEEPSPARSE_PYTHON to the interpreter of an environment with "
        "deepsparse==1.8.0 (Python 3.8 to 3.11, Linux), or unset it"
    )
    try:
        probe = subprocess.run(  # noqa: S603 - whoever runs the server has named the program
            [python, "-I", "-c", PROBE],
            capture_output=True,
            text=True,
            check=True,
            env=_environment(),
            timeout=PROBE_TIMEOUT_S,
        )
    except OSError as error:
        raise EngineError(f"cannot run {python!r} ({error.strerror}): {way_out}") from error
    except subprocess.SubprocessError as error:
        raise EngineError(f"{python!r} has no working DeepSparse ({error}): {way_out}") from error

    @contextmanager
    def open_network(path: Path, batch: Images, *, threads: int) -> Iterator[Run]:
        with tempfile.TemporaryDirectory() as folder:
            network, batch_file = Path(folder, "network.onnx"), Path(folder, "batch.npy")
            onnx.save(downgrade(onnx.load(path)), network)
            np.save(batch_file, batch)
            command = [python, "-I", str(WORKER), str(network), str(batch_file), str(threads)]
            with _worker(command) as run:
                yield run

    version = probe.stdout.split()[-1]
    return Engine(f"DeepSparse {version}", open_network, LICENSE_NOTE)


def downgrade(network: ModelProto) -> ModelProto:
    """Rewrite what our exporter writes for the older operator set that DeepSparse knows.

    Two operations changed their form since: the axes of a mean were an attribute, and a reshape
    could not be told to keep zeros. Others are taken as they are; DeepSparse refuses what it does
    not know.
    """
    older = ModelProto()
    older.CopyFrom(network)
    older.ir_version = IR_VERSION
    for opset in older.opset_import:
        opset.version = OPSET
    constants = {tensor.name: tensor for tensor in older.graph.initializer}
    for node in older.graph.node:
        dropped = {"ReduceMean": "noop_with_empty_axes", "Reshape": "allowzero"}.get(node.op_type)
        kept = [attribute for attribute in node.attribute if attribute.name != dropped]
        if node.op_type == "ReduceMean":
            axes = numpy_helper.to_array(constants[node.input.pop(1)]).tolist()
            kept.append(helper.make_attribute("axes", axes))
        del node.attribute[:]
        node.attribute.extend(kept)
    return older


@contextmanager
def _worker(command: list[str]) -> Iterator[Run]:
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(  # noqa: S603 - see above
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=_environment(),
        ) as process,
    ):

        def run(times: int) -> list[float]:
            try:
                answer = _ask(process, f"{times}\n")
                durations: list[float] = json.loads(answer)
            except (BrokenPipeError, ValueError) as error:
                complaints.seek(0)
                last_lines = " ".join(complaints.read().split())[-COMPLAINT_LENGTH:]
                raise EngineError(
                    f"DeepSparse cannot run this network; it says: {last_lines}"
                ) from error
            return durations

        try:
            yield run
        finally:
            process.kill()


def _ask(process: "subprocess.Popen[str]", line: str) -> str:
    """Send a line and return the answer, which is empty if the process has ended."""
    stdin, stdout = cast(TextIO, process.stdin), cast(TextIO, process.stdout)  # both are pipes
    stdin.write(line)
    stdin.flush()
    return stdout.readline()


def _environment() -> dict[str, str]:
    """Return our environment with the engine's reports to its maker switched off."""
    return os.environ | {"NM_DISABLE_ANALYTICS": "1", "NM_VERSION_CHECK": "false"}

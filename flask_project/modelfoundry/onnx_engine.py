"""ONNX Runtime, the engine that runs exported networks; opened here and nowhere else."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(network: Path | bytes, *, threads: int = 0) -> "InferenceSession":
    """Load an ONNX network onto the CPU.

    From version 1.29 ONNX Runtime leaves an identifier in the home folder and reports the
    networks it loads to its maker, unless told not to before it is imported. So it is told, and
    imported here only; whoever wants the reports sets ``ORT_DISABLE_TELEMETRY=0``.

    Args:
        network: A file or its content.
        threads: Within one run; 0: one per core.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime  # noqa: PLC0415 - see above

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads of a network at rest must not spin on the cores of the one that is being timed.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

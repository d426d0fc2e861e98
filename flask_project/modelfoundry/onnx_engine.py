"""ONNX Runtime, the engine that runs exported networks; opened here and nowhere else."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from modelfoundry.errors import UnreadableFileError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def forbid_reports() -> None:
    """Keep ONNX Runtime from reporting the networks it loads to its maker; before importing it.

    From version 1.29 it does so, and leaves an identifier in the home folder. Whoever wants the
    reports sets ``ORT_DISABLE_TELEMETRY=0``.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def open_session(network: Path | bytes, *, threads: int = 0) -> "InferenceSession":
    """Load an ONNX network onto the CPU.

    Args:
        network: A file or its content.
        threads: Within one run; 0: one per core.

    Raises:
        UnreadableFileError: It is damaged.
    """
    forbid_reports()
    import onnxruntime  # noqa: PLC0415 - only now
    from onnxruntime.capi import onnxruntime_pybind11_state as failures  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads of a network at rest must not spin on the cores of the one that is being timed.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    try:
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except (failures.InvalidProtobuf, failures.InvalidGraph) as error:
        raise UnreadableFileError(f"a network is damaged, make it again: {error}") from error

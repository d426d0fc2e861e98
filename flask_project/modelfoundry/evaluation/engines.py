"""Engines that run ONNX files on the CPU, each opened the same way so that they can be timed."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from modelfoundry.onnx_engine import open_session

Images = npt.NDArray[np.float32]
Run = Callable[[int], list[float]]
"""Run the batch that was given at opening so many times at a stretch; return seconds of each."""


class Opener(Protocol):
    """Load a network for one batch."""

    def __call__(self, path: Path, batch: Images, *, threads: int) -> AbstractContextManager[Run]:
        """Load an ONNX file with one input; the engine is let go of at the end of the block.

        Raises:
            EngineError: The engine cannot run this network.
        """


@dataclass(frozen=True)
class Engine:
    """A way to run networks.

    Attributes:
        name: With its version.
        note: What a reader of its figures must know; mostly nothing.
    """

    name: str
    open: Opener
    note: str = ""


def onnx_runtime() -> Engine:
    """Return the engine that modules are made for."""
    return Engine(f"ONNX Runtime {version('onnxruntime')}", _open_onnx_runtime)


def openvino() -> Engine | None:
    """Return OpenVINO if it is installed."""
    try:
        return Engine(f"OpenVINO {version('openvino')}", _open_openvino)
    except PackageNotFoundError:
        return None


@contextmanager
def _open_onnx_runtime(path: Path, batch: Images, *, threads: int) -> Iterator[Run]:
    session = open_session(path, threads=threads)
    feed = {session.get_inputs()[0].name: batch}
    yield _timed(lambda: session.run(None, feed))


@contextmanager
def _open_openvino(path: Path, batch: Images, *, threads: int) -> Iterator[Run]:
    from openvino import Core  # noqa: PLC0415 - optional, and slow to import

    core = Core()
    network = core.read_model(path)
    network.reshape(list(batch.shape))
    options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads}
    request = core.compile_model(network, "CPU", options).create_infer_request()
    yield _timed(lambda: request.infer({0: batch}))


def _timed(call: Callable[[], object]) -> Run:
    def run(times: int) -> list[float]:
        durations = []
        for _ in range(times):
            started = time.perf_counter()
            call()
            durations.append(time.perf_counter() - started)
        return durations

    return run

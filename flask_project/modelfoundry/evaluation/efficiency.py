"""How long networks take, measured fairly beside each other with ONNX Runtime."""

import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pydantic import JsonValue

from modelfoundry.onnx_engine import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WARM_UP_RUNS = 2
BURST_RUNS = 2
CPU_FACTS = Path("/proc/cpuinfo")

Images = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LatencyComparison:
    """Latencies of several files, measured in one go.

    Attributes:
        latency_ms: One dict per file, in the order given: median per batch, by batch size.
        setup: Engine, device, threads, and the number of runs behind the least measured median.
    """

    latency_ms: tuple[dict[str, float], ...]
    setup: dict[str, JsonValue]


def compare_latency(
    onnx_paths: Sequence[Path],
    images: Images,
    *,
    threads: int,
    batch_sizes: Sequence[int] = (1, 64),
    runs: int = 100,
    budget_s: float = 4.0,
) -> LatencyComparison:
    """Time several ONNX files in turns, so that whatever disturbs the machine hits all alike.

    Args:
        onnx_paths: Files with one input.
        images: float32 ``(N, C, H, W)`` to take batches from; repeated when there are too few.
        threads: Of ONNX Runtime, within one run.
        batch_sizes: Images per run.
        runs: Enough per file and batch size, in whole bursts.
        budget_s: Time for all together; slow networks get fewer runs, at least one burst each.
    """
    sessions = [open_session(path, threads=threads) for path in onnx_paths]
    seconds_per_batch_size = budget_s / len(batch_sizes)
    durations_by_batch = {
        size: _time_in_turns(
            sessions,
            np.resize(images, (size, *images.shape[1:])),
            runs=runs,
            budget_s=seconds_per_batch_size,
        )
        for size in batch_sizes
    }
    latency_ms = tuple(
        {
            str(size): statistics.median(durations[index]) * 1000
            for size, durations in durations_by_batch.items()
        }
        for index in range(len(sessions))
    )
    setup: dict[str, JsonValue] = {
        "engine": f"ONNX Runtime {version('onnxruntime')}",
        "device": device_name(),
        "threads": threads,
        "runs": min(len(durations[0]) for durations in durations_by_batch.values()),
    }
    return LatencyComparison(latency_ms, setup)


def device_name() -> str:
    """Return the name of this machine's processor as its maker writes it, or its kind."""
    for line in CPU_FACTS.read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return platform.machine()


def _time_in_turns(
    sessions: Sequence["InferenceSession"], batch: Images, *, runs: int, budget_s: float
) -> list[list[float]]:
    """Return the seconds of each run, by session; the same number for all."""
    for session in sessions:
        _burst(session, batch, runs=WARM_UP_RUNS)
    durations: list[list[float]] = [[] for _ in sessions]
    started = time.perf_counter()
    while len(durations[0]) < runs:
        for session, so_far in zip(sessions, durations, strict=True):
            so_far.extend(_burst(session, batch, runs=BURST_RUNS))
        if time.perf_counter() - started > budget_s:
            break
    return durations


def _burst(session: "InferenceSession", batch: Images, *, runs: int) -> list[float]:
    """Run several times at a stretch, as a user of one network would; return seconds."""
    feed = {session.get_inputs()[0].name: batch}
    durations = []
    for _ in range(runs):
        started = time.perf_counter()
        session.run(None, feed)
        durations.append(time.perf_counter() - started)
    return durations

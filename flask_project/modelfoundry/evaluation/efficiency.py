"""How long networks take, measured fairly beside each other with one engine."""

import platform
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import JsonValue

from modelfoundry.evaluation.engines import Engine, Images, Run, onnx_runtime

WARM_UP_RUNS = 2
BURST_RUNS = 2
CPU_FACTS = Path("/proc/cpuinfo")


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
    engine: Engine | None = None,
    batch_sizes: Sequence[int] = (1, 64),
    runs: int = 100,
    budget_s: float = 4.0,
) -> LatencyComparison:
    """Time several ONNX files in turns, so that whatever disturbs the machine hits all alike.

    Args:
        onnx_paths: Files with one input.
        images: float32 ``(N, C, H, W)`` to take batches from; repeated when there are too few.
        threads: Of the engine, within one run.
        engine: ONNX Runtime if absent.
        batch_sizes: Images per run.
        runs: Enough per file and batch size, in whole bursts.
        budget_s: Time for all together; slow networks get fewer runs, at least one burst each.

    Raises:
        EngineError: The engine cannot run one of the files.
    """
    used = engine or onnx_runtime()
    seconds_per_batch_size = budget_s / len(batch_sizes)
    durations_by_batch = {
        size: _time_batch(
            used,
            onnx_paths,
            np.resize(images, (size, *images.shape[1:])),
            threads=threads,
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
        for index in range(len(onnx_paths))
    )
    setup: dict[str, JsonValue] = {
        "engine": used.name,
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


def _time_batch(
    engine: Engine,
    onnx_paths: Sequence[Path],
    batch: Images,
    *,
    threads: int,
    runs: int,
    budget_s: float,
) -> list[list[float]]:
    """Open every file for a batch and time them; return the seconds of each run, by file."""
    with ExitStack() as opened:
        networks = [
            opened.enter_context(engine.open(path, batch, threads=threads)) for path in onnx_paths
        ]
        return _time_in_turns(networks, runs=runs, budget_s=budget_s)


def _time_in_turns(networks: Sequence[Run], *, runs: int, budget_s: float) -> list[list[float]]:
    """Return the seconds of each run, by network; the same number for all."""
    for network in networks:
        network(WARM_UP_RUNS)
    durations: list[list[float]] = [[] for _ in networks]
    started = time.perf_counter()
    while len(durations[0]) < runs:
        for network, so_far in zip(networks, durations, strict=True):
            so_far.extend(network(BURST_RUNS))
        if time.perf_counter() - started > budget_s:
            break
    return durations

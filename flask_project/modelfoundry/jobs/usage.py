"""What a job takes of the machine while it runs."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psutil

from modelfoundry.jobs.devices import gpu_usage, visible_gpus

FIRST_EVERY_S = 2.0
SAMPLES_OF_A_STRETCH = 200


@dataclass(frozen=True)
class Usage:
    """What a job takes of the machine.

    Attributes:
        processors: How many were busy on average since the last sample.
        memory_bytes: What is resident now.
        gpu_ratio: How busy the GPU is that the job uses, whoever else uses it; None without one.
        gpu_memory_bytes: What is in use of that GPU's memory.
    """

    processors: float
    memory_bytes: int
    gpu_ratio: float | None
    gpu_memory_bytes: int | None


class UsageMeter:
    """Measures the calling process and those that it has started.

    A sample is due every two seconds at first, and less often the longer the job runs, so that a
    day is drawn with little more than a thousand.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to measure.

        Args:
            clock: Seconds that only grow.
        """
        self._clock = clock
        self._process = psutil.Process(os.getpid())
        self._gpu = next(iter(visible_gpus()), None)
        self._began = self._sampled_at = clock()
        self._due_at = self._began + FIRST_EVERY_S
        self._computed_s, _ = self._measure()

    def is_due(self) -> bool:
        """Tell whether it is time for a sample."""
        return self._clock() >= self._due_at

    def sample(self) -> Usage:
        """Measure what has happened since the last sample."""
        now = self._clock()
        before = self._computed_s
        self._computed_s, memory_bytes = self._measure()
        computed_s = sum(s - before.get(pid, 0.0) for pid, s in self._computed_s.items())
        elapsed_s = max(now - self._sampled_at, 1e-3)
        self._sampled_at = now
        self._due_at = now + max(FIRST_EVERY_S, (now - self._began) / SAMPLES_OF_A_STRETCH)
        gpu = gpu_usage(self._gpu) if self._gpu is not None else None
        return Usage(
            processors=round(max(computed_s, 0.0) / elapsed_s, 3),
            memory_bytes=memory_bytes,
            gpu_ratio=gpu.busy_ratio if gpu else None,
            gpu_memory_bytes=gpu.memory_bytes if gpu else None,
        )

    def _measure(self) -> tuple[dict[int, float], int]:
        """Tell for how many seconds each process has computed, and how many bytes all hold."""
        computed_s: dict[int, float] = {}
        memory_bytes = 0
        for process in (self._process, *self._process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # it ended just now
                computed_s[process.pid] = sum(process.cpu_times()[:2])
                memory_bytes += process.memory_info().rss
        return computed_s, memory_bytes

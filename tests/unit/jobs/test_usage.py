import subprocess
import sys
import time

import pytest

from modelfoundry.jobs.usage import Usage, UsageMeter

MEBIBYTE = 2**20


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    return Clock()


def compute(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def sample_at(meter: UsageMeter, clock: Clock, now: float) -> Usage:
    clock.now = now
    assert meter.is_due()
    return meter.sample()


def test_processors_are_the_seconds_computed_per_second_passed(clock: Clock):
    meter = UsageMeter(clock=clock)

    compute(0.2)
    sample = sample_at(meter, clock, 2.0)

    assert sample.processors == pytest.approx(0.1, abs=0.05)  # 0.2 s in 2 s
    assert sample.memory_bytes > 10 * MEBIBYTE
    assert (sample.gpu_ratio, sample.gpu_memory_bytes) == (None, None)


def test_what_was_computed_before_the_last_sample_counts_no_more(clock: Clock):
    meter = UsageMeter(clock=clock)
    compute(0.2)
    sample_at(meter, clock, 2.0)

    assert sample_at(meter, clock, 4.0).processors < 0.05


def test_processes_that_the_job_has_started_count_too(clock: Clock):
    meter = UsageMeter(clock=clock)
    memory_before = meter.sample().memory_bytes
    held = f"b = b'x' * {64 * MEBIBYTE}; print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        memory = meter.sample().memory_bytes
        child.communicate(b"\n")

    assert memory - memory_before > 60 * MEBIBYTE


def test_samples_are_taken_less_often_the_longer_a_job_runs(clock: Clock):
    meter = UsageMeter(clock=clock)
    assert not meter.is_due()
    clock.now = 2.0
    assert meter.is_due()

    sample_at(meter, clock, 2000.0)  # the next one is due after a 200th of that: 10 s
    clock.now = 2009.9
    assert not meter.is_due()
    clock.now = 2010.1
    assert meter.is_due()

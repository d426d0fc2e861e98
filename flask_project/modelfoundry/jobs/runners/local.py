"""Run jobs on this machine: one process per job, as many at once as there are slots."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess

from modelfoundry.jobs.child import Assignment, carry_out
from modelfoundry.jobs.devices import slot_devices
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.processes import this_process
from modelfoundry.jobs.recovery import end_attempt, recover
from modelfoundry.jobs.store import JobStore
from modelfoundry.jobs.work import Pipelines
from modelfoundry.settings import Settings

POLL_S = 0.1
RECOVER_EVERY_S = 2.0
GRACE_S = 10.0
WARM_MODULE = "modelfoundry.jobs.warm"

logger = logging.getLogger(__name__)


@dataclass
class Running:
    """A job in a process of this runner.

    Attributes:
        kill_at: When the process will be killed, on the monotonic clock; None until it is told to
            end.
    """

    job: Job
    process: ForkServerProcess
    kill_at: float | None = None

    def tell_to_end(self, *, grace_s: float) -> None:
        """Ask the process to end between two batches, once."""
        if self.kill_at is None and self.process.pid is not None:
            self.kill_at = time.monotonic() + grace_s
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)

    def kill_if_overdue(self) -> None:
        """Kill the process and its group after the grace."""
        if self.kill_at is not None and time.monotonic() > self.kill_at:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid or 0, signal.SIGKILL)


class LocalRunner:
    """Claims queued jobs and runs each in a process forked from one that has torch loaded."""

    def __init__(
        self,
        store: JobStore,
        settings: Settings,
        *,
        pipelines: Pipelines,
        preload: Sequence[str] = (WARM_MODULE,),
        grace_s: float = GRACE_S,
    ) -> None:
        """Prepare to run jobs.

        Args:
            store: Where jobs are kept.
            settings: Handed on to the job processes.
            pipelines: What does each kind of job.
            preload: Modules that the process to fork from imports at its start.
            grace_s: How long a job that was told to end may take before it is killed.
        """
        self._store = store
        self._settings = settings
        self._pipelines = pipelines
        self._grace_s = grace_s
        self._me = this_process("runner")
        self._devices = slot_devices(settings.slots)
        self._slots: list[Running | None] = [None] * len(self._devices)
        self._is_warm = threading.Event()
        self._recover_at = 0.0
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Run jobs until told to stop; those that still run then are interrupted."""
        _share_processors(len(self._slots))
        threading.Thread(target=self._warm_up, daemon=True).start()
        while not should_stop():
            try:
                self._step()
            except Exception:
                logger.exception("the runner goes on after an error")
            time.sleep(POLL_S)
        self._stop_all()

    def _warm_up(self) -> None:
        """Start the process to fork from; returns when it has imported everything."""
        first = self._context.Process(target=os.getpid)
        first.start()
        first.join()
        self._is_warm.set()
        logger.info("ready to run %d job(s) at once", len(self._slots))

    def _step(self) -> None:
        for slot, running in enumerate(self._slots):
            if running is not None and not self._look_after(running):
                self._slots[slot] = None
        if time.monotonic() >= self._recover_at:
            mine = {running.job.id for running in self._slots if running}
            recover(self._store, me=self._me, mine=mine)
            self._recover_at = time.monotonic() + RECOVER_EVERY_S
        if self._is_warm.is_set():
            self._fill_slots()

    def _look_after(self, running: Running) -> bool:
        """Tell whether a process still runs; end it if its job was cancelled."""
        exit_code = running.process.exitcode
        if exit_code is not None:
            end_attempt(self._store, running.job, _cause_of_death(exit_code), died=True)
            self._recover_at = 0.0
            return False
        if self._store.get(running.job.id).cancel_requested:
            running.tell_to_end(grace_s=self._grace_s)
        running.kill_if_overdue()
        return True

    def _fill_slots(self) -> None:
        for slot, running in enumerate(self._slots):
            if running is None:
                job = self._store.claim(self._me)
                if job is None:
                    return
                self._slots[slot] = Running(job, self._start(job, self._devices[slot]))

    def _start(self, job: Job, device: str | None) -> ForkServerProcess:
        assignment = Assignment(self._settings, job.id, job.attempt_number, device, self._pipelines)
        process = self._context.Process(target=carry_out, args=(assignment,), name=job.id)
        process.start()
        return process

    def _stop_all(self) -> None:
        running_now = [running for running in self._slots if running]
        for running in running_now:
            running.tell_to_end(grace_s=self._grace_s)
        for running in running_now:
            while running.process.exitcode is None:
                running.kill_if_overdue()
                running.process.join(POLL_S)
            end_attempt(self._store, running.job, "the server was stopped", died=False)


def _share_processors(num_jobs: int) -> None:
    """Have job processes use their share of the processors, unless the user has set one.

    Jobs that use all processors each would spend their time waiting for each other.
    """
    if num_jobs > 1:
        share = max(1, len(os.sched_getaffinity(0)) // num_jobs)
        os.environ.setdefault("OMP_NUM_THREADS", str(share))


def _cause_of_death(exit_code: int) -> str:
    if exit_code == -signal.SIGKILL:
        return "the job's process was killed, perhaps because memory ran out"
    if exit_code < 0:
        return f"the job's process was ended by {signal.Signals(-exit_code).name}"
    return f"the job's process ended with status {exit_code} and no result"

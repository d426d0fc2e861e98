"""Tell processes apart and end those that have lost their runner."""

import os
import signal
from contextlib import suppress

import psutil

from modelfoundry.jobs.model import Launcher, ProcessId

SAME_START_S = 1.0


def this_process(launcher: Launcher) -> ProcessId:
    """Identify the calling process."""
    return ProcessId(os.getpid(), psutil.Process().create_time(), launcher)


def is_alive(process: ProcessId) -> bool:
    """Tell whether exactly this process still runs."""
    return _find(process) is not None


def kill_and_wait(process: ProcessId, *, timeout_s: float) -> bool:
    """Kill a process and its group, if it leads one; tell whether it is gone."""
    found = _find(process)
    if found is None:
        return True
    with suppress(ProcessLookupError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            os.kill(process.pid, signal.SIGKILL)
    try:
        found.wait(timeout_s)
    except psutil.TimeoutExpired:
        return _find(process) is None
    return True


def _find(process: ProcessId) -> psutil.Process | None:
    try:
        found = psutil.Process(process.pid)
        same = abs(found.create_time() - process.started) < SAME_START_S
        return found if same and found.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None

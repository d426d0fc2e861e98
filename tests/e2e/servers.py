"""A real server in processes of its own, for tests and benchmarks."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil

from modelfoundry.client import Client

WARM_WITHIN_S = 120
MODEL = "cnn-digits"


class Server:
    """``modelfoundry serve`` on a free port; ``client`` talks to it."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "modelfoundry", "serve", "--port", "0"],
            env=environment(home),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[3]
        self.client = Client(self.url)
        wait_until(lambda: httpx.get(f"{self.url}/livez").is_success)

    def submit(self, class_name: str = "3", *, epochs: int = 2) -> str:
        """Ask for a module and return the id of the job."""
        job = self.client.modularize(MODEL, [class_name], settings={"epochs": epochs})
        return str(job["id"])

    def wait(self, job_id: str, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until something is so of a job, and return it."""
        wait_until(lambda: is_so(self.client.job(job_id)))
        return self.client.job(job_id)

    def job_process(self) -> psutil.Process:
        """Find the process that works on a job: a forked one, in a session of its own."""
        descendants = psutil.Process(self.process.pid).children(recursive=True)
        (found,) = [p for p in descendants if is_job(p)]
        return found

    def kill(self) -> None:
        """End the server as a power cut would, its own process only."""
        self.process.kill()
        self._end()

    def stop(self) -> None:
        """End the server as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self._end()

    def _end(self) -> None:
        self.process.wait(30)
        self.client.close()
        if self.process.stdout is not None:
            self.process.stdout.close()


def is_job(process: psutil.Process) -> bool:
    """Tell a job's process from the others by its leading a session under the fork server."""
    parent = process.parent()
    return (
        os.getsid(process.pid) == process.pid
        and parent is not None
        and "forkserver" in " ".join(parent.cmdline())
    )


def environment(home: Path) -> dict[str, str]:
    """Make the environment of a server that keeps everything in ``home``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MODELFOUNDRY_")}
    return kept | {"MODELFOUNDRY_HOME": str(home), "OMP_NUM_THREADS": "1"}


def wait_until(is_so: Callable[[], bool], *, timeout_s: float = WARM_WITHIN_S) -> None:
    """Ask again and again until something is so.

    Raises:
        TimeoutError: It did not become so.
    """
    give_up_at = time.monotonic() + timeout_s
    while not is_so():
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"not so within {timeout_s} s")
        time.sleep(0.05)


def is_at_work(job: dict[str, Any]) -> bool:
    """Tell whether a running job has finished an epoch."""
    return job["state"] == "running" and job["progress"] is not None


def is_at_rest(job: dict[str, Any]) -> bool:
    """Tell whether a job has ended for good or for now."""
    return job["state"] in ("succeeded", "failed", "cancelled", "interrupted")

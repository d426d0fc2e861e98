"""Keep a runner process beside the web server."""

import os
import subprocess
import sys
import threading
from typing import Self

STOPS_WITHIN_S = 15
RESTART_AFTER_S = 1.0


class RunnerProcess:
    """A runner that is started again should it die; use it in a ``with`` block."""

    def __init__(self, *, slots: int) -> None:
        # The runner ends itself when the process of this id is gone.
        self._command = [sys.executable, "-m", "modelfoundry", "runner"]
        self._command += ["--slots", str(slots), "--parent", str(os.getpid())]
        self._stopping = threading.Event()
        self._process = self._start()
        self._watcher = threading.Thread(target=self._keep_alive, daemon=True)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._watcher.join()

    def _start(self) -> subprocess.Popen[bytes]:
        # In a session of its own, so that Ctrl-C reaches it through this process alone.
        return subprocess.Popen(self._command, start_new_session=True)  # noqa: S603 - our own

    def _keep_alive(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.wait(RESTART_AFTER_S):
                self._process = self._start()

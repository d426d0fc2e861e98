"""Have networks written as ONNX files by a process that loads torch, without waiting for ever."""

import json
import subprocess
import sys
import threading
from concurrent.futures import Future

from modelfoundry.errors import ExportError, WrongStateError
from modelfoundry.settings import Home

WRITING_TIMEOUT_S = 600


class NetworkWriter:
    """Writes one network at a time; who asks for one that is being written waits for the same."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._one_at_a_time = threading.Lock()
        self._lock = threading.Lock()
        self._begun: dict[str, Future[None]] = {}

    def write(self, name: str, *, within_s: float) -> None:
        """Write the network of a model that exists.

        Raises:
            WrongStateError: It is still being written after ``within_s``, and goes on.
            ExportError: It cannot be written.
        """
        try:
            self._begin(name).result(within_s)
        except TimeoutError as error:
            raise WrongStateError(
                f"{name} is still being written as an ONNX file; ask again in some seconds"
            ) from error

    def _begin(self, name: str) -> Future[None]:
        with self._lock:
            writing = self._begun.get(name)
            if writing is None or writing.done():
                writing = self._begun[name] = Future()
                threading.Thread(target=self._work, args=(name, writing), daemon=True).start()
            return writing

    def _work(self, name: str, writing: "Future[None]") -> None:
        with self._one_at_a_time:
            try:
                self._write(name)
            except (ExportError, OSError) as error:
                writing.set_exception(error)
            else:
                writing.set_result(None)

    def _write(self, name: str) -> None:
        try:
            child = subprocess.run(
                [sys.executable, "-m", "modelfoundry.pipelines.keep_model"],
                input=json.dumps([str(self._home.root), name]),
                capture_output=True,
                text=True,
                timeout=WRITING_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ExportError(
                f"{name} could not be written as ONNX within {WRITING_TIMEOUT_S} s; try again "
                "when the machine is less busy"
            ) from error
        if child.returncode:
            lines = child.stderr.strip().splitlines() or [f"status {child.returncode}"]
            raise ExportError(f"{name} cannot be written as ONNX: {lines[-1]}")

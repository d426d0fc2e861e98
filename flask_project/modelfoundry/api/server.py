"""Serve the web application with gunicorn."""

import ctypes
import os
import signal
import socket
from collections.abc import Callable

from flask import Flask
from gunicorn.app.base import BaseApplication

from modelfoundry.api.open_streams import MAX_STREAMS
from modelfoundry.errors import InvalidInputError

THREADS = MAX_STREAMS + 64  # those that are left answer requests
STOP_WITHIN_S = 2
BACKLOG = 128
PR_SET_PDEATHSIG = 1


def listen(host: str, port: int) -> socket.socket:
    """Open the port.

    Raises:
        InvalidInputError: The address cannot be used; says why and what to do.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)  # who asks before the application is ready waits for it
    except OSError as error:
        listener.close()
        raise InvalidInputError.of(
            "/port",
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another port with "
            "--port, or stop what uses this one",
        ) from error
    return listener


class WebServer(BaseApplication):  # type: ignore[misc]
    """One worker process with many threads, since every open event stream holds one."""

    def __init__(
        self, make_app: Callable[[], Flask], listener: socket.socket, *, lock: int
    ) -> None:
        """Prepare to serve.

        Args:
            make_app: Makes the application; called in the worker, since open databases do not
                survive a fork.
            listener: A bound socket; gunicorn closes it.
            lock: Descriptor of the server lock, which the worker must not keep.
        """
        self._make_app = make_app
        self._listener = listener
        self._lock = lock
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn how to run."""
        options = {
            "bind": f"fd://{self._listener.detach()}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "graceful_timeout": STOP_WITHIN_S,
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_fork": self._leave_nothing_behind,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve until told to stop; ends with ``SystemExit``."""
        parent = os.getpid()
        try:
            super().run()
        finally:
            if os.getpid() != parent:  # a worker must not undo what its parent has set up
                os._exit(0)

    def load(self) -> Flask:
        """Make the application."""
        return self._make_app()

    def _leave_nothing_behind(self, _arbiter: object, _worker: object) -> None:
        os.close(self._lock)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

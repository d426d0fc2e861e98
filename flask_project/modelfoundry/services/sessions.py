"""ONNX networks that are ready to run in the web process; few at once, each loaded once."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from modelfoundry.onnx_engine import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MAX_SESSIONS = 8
MAX_BYTES = 512 * 2**20
THREADS = 1

Stamp = tuple[Path, int, int]


class Sessions:
    """Loads networks and forgets the one that was used longest ago when there are too many.

    Args:
        max_bytes: Of their files together; one network alone may be larger.
    """

    def __init__(self, *, max_sessions: int = MAX_SESSIONS, max_bytes: int = MAX_BYTES) -> None:
        self._max_sessions, self._max_bytes = max_sessions, max_bytes
        self._by_stamp: OrderedDict[Stamp, InferenceSession] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, path: Path) -> "InferenceSession":
        """Return a session of a file as it is now; a file that was changed is read anew.

        Raises:
            OSError: The file is gone.
        """
        facts = path.stat()
        stamp = (path, facts.st_size, facts.st_mtime_ns)
        with self._lock:
            if stamp not in self._by_stamp:
                self._by_stamp[stamp] = open_session(path, threads=THREADS)
            self._by_stamp.move_to_end(stamp)
            self._forget_the_oldest()
            return self._by_stamp[stamp]

    def __len__(self) -> int:
        return len(self._by_stamp)

    def _forget_the_oldest(self) -> None:
        while len(self._by_stamp) > 1 and (
            len(self._by_stamp) > self._max_sessions
            or sum(size for _, size, _ in self._by_stamp) > self._max_bytes
        ):
            self._by_stamp.popitem(last=False)

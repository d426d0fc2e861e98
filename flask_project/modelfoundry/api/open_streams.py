"""How many event streams are open, each of which holds a thread of the server."""

import threading
from collections import Counter
from collections.abc import Callable

from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

MAX_STREAMS = 256
MAX_STREAMS_OF_A_TOKEN = 16
RETRY_AFTER_S = 5


class OpenStreams:
    """Counts the open streams and refuses more than there may be."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_caller: Counter[str] = Counter()

    def open(self, token_id: str | None) -> Callable[[], None]:
        """Count a stream; without a token whoever asks sits at this machine.

        Returns:
            To be called once when the stream is closed.

        Raises:
            TooManyRequests: The token has enough of them.
            ServiceUnavailable: All of the server's are taken.
        """
        caller = token_id or ""
        advice = "close one, or poll with Accept: application/json"
        with self._lock:
            if token_id and self._by_caller[caller] >= MAX_STREAMS_OF_A_TOKEN:
                raise TooManyRequests(
                    f"{MAX_STREAMS_OF_A_TOKEN} event streams of this token are open already; "
                    f"{advice}",
                    retry_after=RETRY_AFTER_S,
                )
            if self._by_caller.total() >= MAX_STREAMS:
                raise ServiceUnavailable(
                    f"{MAX_STREAMS} event streams are open already; {advice}",
                    retry_after=RETRY_AFTER_S,
                )
            self._by_caller[caller] += 1
        return lambda: self._close(caller)

    def _close(self, caller: str) -> None:
        with self._lock:
            self._by_caller[caller] -= 1
            self._by_caller += Counter()  # forgets callers that have none left

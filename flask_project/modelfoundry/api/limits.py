"""How many requests one caller may make."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from apiflask import APIFlask
from flask import Response, g, request
from werkzeug.exceptions import TooManyRequests

from modelfoundry.api.access import caller

WINDOW_S = 60
NOT_COUNTED = frozenset({"frontend", "health"})


@dataclass(frozen=True)
class Allowance:
    """What a caller has left in the current minute; ``remaining`` is negative if overdrawn."""

    limit: int
    remaining: int
    resets_in_s: int


class RateLimiter:
    """Counts requests by caller, anew in every minute; kept in memory, for one process serves."""

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare to count.

        Args:
            limit: Requests of one caller in a minute.
            clock: Seconds that only grow.
        """
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._window = 0
        self._taken: Counter[str] = Counter()

    def take(self, who: str) -> Allowance:
        """Count one request of a caller."""
        now = self._clock()
        with self._lock:
            window = int(now // WINDOW_S)
            if window != self._window:
                self._window = window
                self._taken.clear()
            self._taken[who] += 1
            remaining = self._limit - self._taken[who]
        return Allowance(self._limit, remaining, ceil((window + 1) * WINDOW_S - now))


def install_limits(app: APIFlask, limit: int) -> None:
    """Have an app (changed in place) refuse a caller's requests beyond a limit per minute."""
    limiter = RateLimiter(limit)

    def count() -> None:
        if request.blueprint in NOT_COUNTED:
            return
        token = caller()
        g.allowance = limiter.take(token.id if token else f"address {request.remote_addr}")
        if g.allowance.remaining < 0:
            raise TooManyRequests(
                f"more than {limit} requests in a minute; wait for what Retry-After says, in s",
                retry_after=g.allowance.resets_in_s,
            )

    app.before_request(count)
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        remaining, resets_in_s = max(0, allowance.remaining), allowance.resets_in_s
        response.headers["RateLimit-Policy"] = f'"requests";q={allowance.limit};w={WINDOW_S}'
        response.headers["RateLimit"] = f'"requests";r={remaining};t={resets_in_s}'
    return response

"""Estimate the time left from the pace so far."""


class Pace:
    """Measures each stage from the end of the stage before it; times are in seconds."""

    def __init__(self, now: float) -> None:
        self._stage = ""
        self._since = now
        self._first_done = 0
        self._latest = now

    def eta_s(self, stage: str, *, done: int, total: int, now: float) -> float | None:
        """Tell how long the rest of a stage will take; None while nothing was measured.

        A resumed stage begins with steps that an earlier attempt did; they count for nothing.
        """
        if stage != self._stage:
            self._stage = stage
            self._since = self._latest
            self._first_done = max(done - 1, 0)
        self._latest = now
        measured = done - self._first_done
        if measured <= 0:
            return None
        return (now - self._since) / measured * (total - done)

"""How long work tells of itself, and how it is told to stop."""

from typing import Protocol

Metric = float | list[float]


class Cancelled(Exception):  # noqa: N818 - a request, not an error
    """Raised between two batches once somebody asked the work to stop."""


class Reporter(Protocol):
    """Receives what long work has to say."""

    def log(self, message: str, *, level: str = "info") -> None:
        """Record one line for people; ``level`` is ``info``, ``warning`` or ``error``."""

    def advance(self, stage: str, *, done: int, total: int, **metrics: Metric) -> None:
        """Record that ``done`` of ``total`` steps (usually epochs) of a stage are finished.

        ``metrics`` are values at this step, such as ``accuracy=0.95``; they become the curves. A
        list has one value for each of several things that are made together.
        """

    def raise_if_cancelled(self) -> None:
        """Raise :class:`Cancelled` if the work was asked to stop; cheap, called per batch."""


class SilentReporter:
    """Ignores everything; for library use and tests."""

    def log(self, message: str, *, level: str = "info") -> None:
        """Ignore the line."""

    def advance(self, stage: str, *, done: int, total: int, **metrics: Metric) -> None:
        """Ignore the step."""

    def raise_if_cancelled(self) -> None:
        """Never cancel."""

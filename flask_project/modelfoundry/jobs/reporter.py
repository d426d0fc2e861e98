"""What a running job tells is written to the store, in batches, from a thread of its own."""

import logging
import math
import threading
import time
from dataclasses import asdict
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from modelfoundry.errors import WrongStateError
from modelfoundry.jobs.lines import shown_lines
from modelfoundry.jobs.model import utc_now
from modelfoundry.jobs.pace import Pace
from modelfoundry.jobs.store import EventType, JobStore, NewEvent
from modelfoundry.jobs.usage import UsageMeter
from modelfoundry.progress import Cancelled, Metric

FLUSH_EVERY_S = 0.2

logger = logging.getLogger(__name__)


class JobReporter:
    """A :class:`modelfoundry.progress.Reporter` for one attempt; use it in a ``with`` block.

    Attributes:
        cancelled_here: The process itself was asked to give the job up, as by Ctrl-C.
    """

    def __init__(
        self, store: JobStore, job_id: str, attempt: int, *, meter: UsageMeter | None = None
    ) -> None:
        """Prepare to report.

        Args:
            store: Where events are kept.
            job_id: The job that is worked on.
            attempt: The attempt that this process makes.
            meter: Measures what the work takes of the machine, if that is to be reported too.
        """
        self.cancelled_here = False
        self._meter = meter
        self._store = store
        self._job_id = job_id
        self._attempt = attempt
        self._pending: list[NewEvent] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._closing = threading.Event()
        self._pace = Pace(time.monotonic())
        self._thread = threading.Thread(target=self._flush_regularly, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.set()
        self._thread.join()
        self._flush()

    def log(self, message: str, *, level: str = "info") -> None:
        """Record one line for people; of a text of several lines, each."""
        for line in shown_lines(message):
            self._add("log", level=level, message=line)

    def advance(self, stage: str, *, done: int, total: int, **metrics: Metric) -> None:
        """Record a finished step, with the time left at the pace of this attempt."""
        if metrics:
            values = {name: _as_json(value) for name, value in metrics.items()}
            self._add("metric", stage=stage, step=done, values=values)
        eta_s = self._pace.eta_s(stage, done=done, total=total, now=time.monotonic())
        self._add("progress", stage=stage, done=done, total=total, eta_s=eta_s)

    def raise_if_cancelled(self) -> None:
        """Raise ``Cancelled`` once the attempt was asked to stop, for whatever reason."""
        if self._stopped.is_set():
            raise Cancelled

    def stop(self, *, cancel: bool = False) -> None:
        """Ask the attempt to stop; may be called from a signal handler."""
        self.cancelled_here = self.cancelled_here or cancel
        self._stopped.set()

    def _add(self, type_: EventType, **data: object) -> None:
        with self._lock:
            self._pending.append(NewEvent(type_, data, utc_now()))  # type: ignore[arg-type]

    def _flush_regularly(self) -> None:
        while not self._closing.wait(FLUSH_EVERY_S):
            if self._meter is not None and self._meter.is_due():
                self._add("usage", **asdict(self._meter.sample()))
            self._flush()
            self._notice_cancel_request()

    def _flush(self) -> None:
        with self._lock:
            events, self._pending = self._pending, []
        if not events:
            return
        try:
            self._store.append(self._job_id, self._attempt, events)
        except WrongStateError:
            logger.warning("attempt %d of job %s was superseded", self._attempt, self._job_id)
            self.stop()
        except SQLAlchemyError:
            logger.warning("cannot record events of job %s yet", self._job_id, exc_info=True)
            with self._lock:
                self._pending = events + self._pending

    def _notice_cancel_request(self) -> None:
        try:
            if self._store.get(self._job_id).cancel_requested:
                self.stop()
        except SQLAlchemyError:
            logger.warning("cannot read the state of job %s yet", self._job_id, exc_info=True)


def _as_json(value: Metric) -> float | list[float | None] | None:
    """Replace NaN and infinity, which JSON does not have."""
    if isinstance(value, list):
        return [each if math.isfinite(each) else None for each in value]
    return value if math.isfinite(value) else None

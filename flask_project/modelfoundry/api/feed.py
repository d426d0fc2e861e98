"""One poll of the database for all event streams, however many there are."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from modelfoundry.jobs.model import AT_REST
from modelfoundry.jobs.store import Event, Head
from modelfoundry.services.jobs import JobService

POLL_S = 0.1
READ_AT_ONCE = 500
KEPT = 1000  # of a job's newest events; who is further behind reads the database

logger = logging.getLogger(__name__)

Message = tuple[int, str]
"""An event's ``seq`` and what is sent of it."""


class Channel:
    """What has lately happened to one job, for all who follow it.

    Attributes:
        followers: How many there are; guarded by the feed.
    """

    def __init__(self, head: Head) -> None:
        self.followers = 0
        self._news = threading.Condition()
        self._recent: deque[Message] = deque(maxlen=KEPT)
        self._head: Head | None = head
        self._last_seq = head.last_seq

    @property
    def last_seq(self) -> int:
        """The newest event that was told."""
        return self._last_seq

    def is_news(self, head: Head | None) -> bool:
        """Tell whether a job has gone on since it was looked at last."""
        return head != self._head

    def tell(self, head: Head | None, messages: Sequence[Message]) -> None:
        """Wake all who follow; a head of None means that the job is gone."""
        with self._news:
            self._recent.extend(messages)
            self._last_seq = messages[-1][0] if messages else self._last_seq
            if head is None or not messages or self._last_seq >= head.last_seq:
                self._head = head  # not before everything up to it was told
            self._news.notify_all()

    def wait(self, after: int, *, timeout_s: float) -> list[Message] | None:
        """Wait for what comes after an event.

        Returns:
            Nothing if all was quiet or the job is at rest; None if it is not kept any more.
        """
        with self._news:
            self._news.wait_for(lambda: self._last_seq > after or self.is_over, timeout_s)
            missing = self._last_seq - after
            if missing > len(self._recent):
                return None
            return list(self._recent)[len(self._recent) - missing :] if missing > 0 else []

    @property
    def is_over(self) -> bool:
        """Whether no more is to come: the job is at rest or gone."""
        return self._head is None or self._head.state in AT_REST


class EventFeed:
    """Follows every job that somebody follows, from one thread that lives as long as they do."""

    def __init__(self, jobs: JobService, show: Callable[[Event], str]) -> None:
        """Prepare to follow jobs.

        Args:
            jobs: Asked for news.
            show: Writes an event as it is sent; called once, however many follow.
        """
        self._jobs = jobs
        self._show = show
        self._lock = threading.Lock()
        self._channels: dict[str, Channel] = {}
        self._thread: threading.Thread | None = None

    def follow(self, job_id: str, *, after: int, quiet_s: float) -> Iterator[str]:
        """Yield events as they come until the last one of a job at rest.

        Yields:
            What is to be sent; an empty text after every ``quiet_s`` without news.
        """
        with self._joined(job_id) as channel:
            while True:
                is_over = channel.is_over  # before waiting, so that nothing is missed
                messages = channel.wait(after, timeout_s=quiet_s)
                if messages is None:
                    messages = self._read(job_id, after)
                if messages:
                    after = messages[-1][0]
                elif is_over:
                    return
                yield "".join(text for _, text in messages)

    @contextmanager
    def _joined(self, job_id: str) -> Iterator[Channel]:
        with self._lock:
            channel = self._channels.get(job_id)
            if channel is None:
                head = self._jobs.heads([job_id]).get(job_id)
                channel = self._channels[job_id] = Channel(head or Head(0, "cancelled"))
            channel.followers += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._poll, name="feed", daemon=True)
                self._thread.start()
        try:
            yield channel
        finally:
            with self._lock:
                channel.followers -= 1
                if not channel.followers:
                    del self._channels[job_id]

    def _poll(self) -> None:
        while True:
            time.sleep(POLL_S)
            with self._lock:
                followed = dict(self._channels)
                if not followed:
                    self._thread = None
                    return
            try:
                self._look(followed)
            except SQLAlchemyError:
                logger.warning("cannot read what happened to jobs yet", exc_info=True)

    def _look(self, followed: dict[str, Channel]) -> None:
        heads = self._jobs.heads(followed)
        for job_id, channel in followed.items():
            head = heads.get(job_id)
            while channel.is_news(head):
                channel.tell(head, self._read(job_id, channel.last_seq))

    def _read(self, job_id: str, after: int) -> list[Message]:
        events = self._jobs.events(job_id, after=after, limit=READ_AT_ONCE)
        return [(event.seq, self._show(event)) for event in events]

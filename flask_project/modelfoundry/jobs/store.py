"""What the rest of the program asks of the place where jobs are kept."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import JsonValue

from modelfoundry.jobs.model import Job, ProcessId, State
from modelfoundry.pipelines.requests import JobKind

EventType = Literal["log", "metric", "progress", "state", "usage"]
Level = Literal["info", "warning", "error"]
Move = Callable[[Job], Job]


@dataclass(frozen=True)
class NewEvent:
    """Something that happened and has no place in the sequence yet."""

    type: EventType
    data: dict[str, JsonValue]
    time: datetime


@dataclass(frozen=True)
class Event:
    """Something that happened to a job; ``seq`` counts from 1 within the job, without gaps."""

    seq: int
    type: EventType
    data: dict[str, JsonValue]
    time: datetime
    attempt: int


@dataclass(frozen=True)
class IdempotencyKey:
    """A caller's name for one submission, with a hash of what was submitted under it."""

    key: str
    body_sha256: str


@dataclass(frozen=True)
class JobPage:
    """Some jobs, newest first; ``next_cursor`` is None on the last page."""

    items: list[Job]
    next_cursor: str | None
    total: int


@dataclass(frozen=True)
class LogLine:
    """One line of a job's log; ``seq`` is its place among all events of the job."""

    seq: int
    time: datetime
    attempt: int
    level: Level
    message: str


@dataclass(frozen=True)
class LogFilter:
    """Which lines are wanted: of one attempt, of one level, with some words in them."""

    attempt: int | None = None
    level: Level | None = None
    words: str = ""


@dataclass(frozen=True)
class LogPage:
    """Neighbouring lines, oldest first.

    Attributes:
        has_more: There may be more beyond the end that one was going to.
        reached: The event up to which all have been looked at in that direction; from there one
            goes on.
    """

    items: list[LogLine]
    has_more: bool
    reached: int


@dataclass(frozen=True)
class Head:
    """How far a job has come: the ``seq`` of its newest event, and its state."""

    last_seq: int
    state: State


class JobStore(Protocol):
    """Keeps jobs and their events; each call is one transaction."""

    def add(self, job: Job, *, idempotency: IdempotencyKey | None = None) -> Job:
        """Keep a new job; return the earlier one if the key and body were seen before.

        Raises:
            WrongStateError: The key was used for another body.
        """

    def get(self, job_id: str) -> Job:
        """Fetch a job; raises ``UnknownNameError``."""

    def page(
        self,
        *,
        state: State | None,
        kind: JobKind | None,
        cursor: str | None,
        limit: int,
        model: str | None = None,
        words: str = "",
    ) -> JobPage:
        """List jobs, newest first; raises ``InvalidInputError`` for a cursor it never gave.

        ``model`` is what a job works on or makes; ``words`` are part of its title or begin its id.
        """

    def in_state(self, state: State) -> list[Job]:
        """List every job in a state, oldest first."""

    def move(self, job_id: str, *moves: Move) -> Job:
        """Apply moves in order, keep the result, and record an event for each new state."""

    def claim(self, process: ProcessId, *, sweep_id: str | None = None) -> Job | None:
        """Start the job that has been queued longest, so that nobody else can.

        Members of sweeps come after jobs that somebody waits for alone. ``sweep_id`` limits the
        choice to the members of one sweep.
        """

    def append(self, job_id: str, attempt: int, events: Sequence[NewEvent]) -> None:
        """Record events of an attempt; the last progress event becomes the job's progress.

        Raises:
            WrongStateError: Another attempt has begun, so this one must stop.
        """

    def delete(self, job_id: str) -> None:
        """Forget a job that is over, with its events; its modules stay.

        Raises:
            UnknownNameError: There is no such job.
            WrongStateError: The job is not over.
        """

    def heads(self, job_ids: Collection[str]) -> dict[str, Head]:
        """Tell how far some jobs have come; those that do not exist are left out."""

    def events(
        self, job_id: str, *, after: int, limit: int, types: Collection[EventType] = ()
    ) -> list[Event]:
        """List events with a ``seq`` greater than ``after``, in order; of all types if empty."""

    def log(
        self,
        job_id: str,
        wanted: LogFilter,
        *,
        after: int | None = None,
        before: int | None = None,
        limit: int,
    ) -> LogPage:
        """List the first lines after an event, or else the last ones before an event.

        Without either, the newest lines. A search for words gives up after a part of a long log,
        to be gone on with.
        """

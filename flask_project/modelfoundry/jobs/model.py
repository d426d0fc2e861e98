"""A job, its states, and the only moves between them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from pydantic import JsonValue

from modelfoundry.errors import WrongStateError
from modelfoundry.pipelines.requests import JobKind

State = Literal["queued", "running", "succeeded", "failed", "cancelled", "interrupted"]
Launcher = Literal["runner", "command line"]

AT_REST: frozenset[State] = frozenset({"succeeded", "failed", "cancelled", "interrupted"})
MAX_DEATHS_RESUMED = 3


def utc_now() -> datetime:
    """Tell the time, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class ProcessId:
    """A process, told apart from a later one that happens to get the same number.

    Attributes:
        started: When the process began, in seconds since the epoch.
        launcher: A command line's own process is left alone by a starting server; a runner's
            process without its runner is an orphan.
    """

    pid: int
    started: float
    launcher: Launcher


@dataclass(frozen=True)
class Attempt:
    """One try at a job; ``number`` counts from 1."""

    number: int
    state: State
    started_at: datetime
    process: ProcessId
    ended_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True)
class Progress:
    """How far the current stage is; ``eta_s`` is None while the pace is unknown."""

    stage: str
    done: int
    total: int
    eta_s: float | None


@dataclass(frozen=True)
class Job:
    """One piece of long work.

    Every method returns the job after a move and raises ``WrongStateError`` where the move is not
    allowed; nothing else changes a state.

    Attributes:
        plan: The checked request; enough to do the work again.
        resumes: The job is interrupted and a runner will queue it again by itself.
        modules: Ids of those that it has made.
        deaths: Attempts since the last queueing by hand whose own process died.
        sweep_id: The sweep that the job is a member of, if any.
    """

    id: str
    kind: JobKind
    title: str
    plan: dict[str, JsonValue]
    created_at: datetime
    queued_at: datetime
    state: State = "queued"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    progress: Progress | None = None
    error: str | None = None
    modules: tuple[str, ...] = ()
    result: dict[str, JsonValue] | None = None
    cancel_requested: bool = False
    resumes: bool = False
    deaths: int = 0
    sweep_id: str | None = None
    attempts: tuple[Attempt, ...] = ()

    @classmethod
    def new(cls, kind: JobKind, plan: dict[str, JsonValue], *, title: str, now: datetime) -> "Job":
        """Make a queued job."""
        return cls(
            id=uuid4().hex[:12], kind=kind, title=title, plan=plan, created_at=now, queued_at=now
        )

    @property
    def attempt_number(self) -> int:
        """Number of the latest attempt; 0 before the first."""
        return len(self.attempts)

    @property
    def worked_s(self) -> float | None:
        """Seconds of work over all attempts that have ended; None before the first end."""
        lengths = [
            (attempt.ended_at - attempt.started_at).total_seconds()
            for attempt in self.attempts
            if attempt.ended_at is not None
        ]
        return sum(lengths) if lengths else None

    def start(self, process: ProcessId, *, now: datetime) -> "Job":
        """Begin an attempt: queued to running."""
        self._require("start", "queued")
        attempt = Attempt(self.attempt_number + 1, "running", now, process)
        return replace(
            self,
            state="running",
            started_at=self.started_at or now,
            progress=None,
            attempts=(*self.attempts, attempt),
        )

    def hand_over(self, attempt_number: int, process: ProcessId) -> "Job":
        """Record which process does the running attempt.

        Raises:
            WrongStateError: The attempt is no longer the one that runs, so the caller must not
                work on the job.
        """
        self.require_attempt(attempt_number)
        return self._with_last_attempt(replace(self.attempts[-1], process=process))

    def require_attempt(self, attempt_number: int) -> "Job":
        """Return the job unchanged while an attempt runs.

        Raises:
            WrongStateError: The attempt is over, so whoever makes it must not go on.
        """
        if self.state != "running" or attempt_number != self.attempt_number:
            raise WrongStateError(
                f"attempt {attempt_number} of job {self.id} is over; the job is {self.state} "
                f"after attempt {self.attempt_number}"
            )
        return self

    def require_over(self) -> "Job":
        """Return the job unchanged if nothing more happens unless somebody asks for it.

        Raises:
            WrongStateError: It runs, waits, or may be resumed.
        """
        self._require("delete", "succeeded", "failed", "cancelled", "interrupted")
        if self.resumes:
            raise WrongStateError(f"cannot delete job {self.id}: it resumes by itself; cancel it")
        return self

    def succeed(
        self, *, modules: tuple[str, ...], result: dict[str, JsonValue], now: datetime
    ) -> "Job":
        """End well: running to succeeded."""
        self._require("finish", "running")
        ended = self._end("succeeded", None, now)
        return replace(ended, modules=modules, result=result)

    def fail(self, error: str, *, now: datetime) -> "Job":
        """End with an error: running to failed."""
        self._require("fail", "running")
        return self._end("failed", error, now)

    def cancel(self, *, now: datetime) -> "Job":
        """Give the work up: queued, running or interrupted to cancelled."""
        self._require("cancel", "queued", "running", "interrupted")
        return self._end("cancelled", None, now)

    def request_cancel(self, *, now: datetime) -> "Job":
        """Ask for the end; a job that does not run is cancelled at once."""
        self._require("cancel", "queued", "running", "interrupted")
        if self.state == "running":
            return replace(self, cancel_requested=True)
        return self.cancel(now=now)

    def interrupt(self, reason: str, *, died: bool, now: datetime) -> "Job":
        """Stop without an end: running to interrupted, to be resumed by a runner.

        Args:
            reason: What stopped the attempt.
            died: The job's own process died, which may happen again for the same reason; after
                ``MAX_DEATHS_RESUMED`` resumes the job waits for a person.
            now: The time.
        """
        self._require("interrupt", "running")
        deaths = self.deaths + died
        resumes = deaths <= MAX_DEATHS_RESUMED
        if not resumes:
            reason += f"; resumed {MAX_DEATHS_RESUMED} times already, so it waits for a retry"
        return replace(self._end("interrupted", reason, now), resumes=resumes, deaths=deaths)

    def resume(self, *, now: datetime) -> "Job":
        """Queue an interrupted job again without being asked."""
        self._require("resume", "interrupted")
        return replace(
            self, state="queued", error=None, ended_at=None, resumes=False, queued_at=now
        )

    def retry(self, *, now: datetime) -> "Job":
        """Queue again on request: failed, cancelled or interrupted to queued."""
        self._require("retry", "failed", "cancelled", "interrupted")
        return replace(
            self,
            state="queued",
            error=None,
            ended_at=None,
            cancel_requested=False,
            resumes=False,
            deaths=0,
            queued_at=now,
        )

    def _require(self, action: str, *allowed: State) -> None:
        if self.state not in allowed:
            raise WrongStateError(
                f"cannot {action} job {self.id}: it is {self.state}, not {' or '.join(allowed)}"
            )

    def _end(self, state: State, error: str | None, now: datetime) -> "Job":
        ended = replace(self, state=state, error=error, ended_at=now, resumes=False)
        if self.state != "running":
            return ended
        return ended._with_last_attempt(
            replace(self.attempts[-1], state=state, error=error, ended_at=now)
        )

    def _with_last_attempt(self, attempt: Attempt) -> "Job":
        return replace(self, attempts=(*self.attempts[:-1], attempt))

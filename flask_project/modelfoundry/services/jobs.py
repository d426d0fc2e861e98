"""Submit, follow and control jobs."""

import hashlib
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from modelfoundry.errors import UnknownNameError, WrongStateError
from modelfoundry.jobs.model import Job, ProcessId, State, utc_now
from modelfoundry.jobs.recovery import release
from modelfoundry.jobs.store import (
    Event,
    EventType,
    Head,
    IdempotencyKey,
    JobPage,
    JobStore,
    LogFilter,
    LogLine,
    LogPage,
)
from modelfoundry.pipelines.requests import JobKind
from modelfoundry.services.estimates import Estimate, estimate
from modelfoundry.services.requests import AnyCheckedPlan, Request, check_request
from modelfoundry.services.work_shapes import AnyPlan
from modelfoundry.settings import Home

LINES_AT_ONCE = 5000


@dataclass(frozen=True)
class Outcome:
    """What came of a wish for one of several jobs: its new state, or why nothing was done."""

    id: str
    state: State | None
    error: str | None


@dataclass(frozen=True)
class Outlook:
    """What a job would be, and what it would cost."""

    title: str
    plan: AnyPlan
    notes: list[str]
    estimate: Estimate


class JobService:
    """The use cases around jobs; a request becomes a job only after it was checked."""

    def __init__(self, home: Home, store: JobStore) -> None:
        self._home = home
        self._store = store

    def check(self, request: Request) -> AnyCheckedPlan:
        """Make a plan of a request; raises ``InvalidInputError`` with all faults at once."""
        return check_request(self._home, request)

    def outlook(self, request: Request) -> Outlook:
        """Tell what a job would be; raises ``InvalidInputError`` with all faults at once."""
        checked = self.check(request)
        cost = estimate(self._home, self._store, [checked.plan], slots=1)
        return Outlook(checked.title, checked.plan, checked.notes, cost)

    def submit(self, request: Request, *, idempotency_key: str | None = None) -> Job:
        """Queue a job for a runner; the same key and request give the same job.

        Raises:
            InvalidInputError: The request has faults; all are listed.
            WrongStateError: The key was used for another request.
        """
        key = None
        if idempotency_key is not None:
            body = f"{type(request).__name__}{request.model_dump_json()}"
            key = IdempotencyKey(idempotency_key, hashlib.sha256(body.encode()).hexdigest())
        return self._store.add(self._new_job(request), idempotency=key)

    def begin(self, request: Request, process: ProcessId) -> Job:
        """Make a job that a process works on already, so that no runner takes it.

        Raises:
            InvalidInputError: The request has faults; all are listed.
        """
        return self._store.add(self._new_job(request).start(process, now=utc_now()))

    def resume_here(self, job_id: str, process: ProcessId) -> Job:
        """Retry a job in a process of the caller's, so that no runner takes it."""
        release(self._store, job_id)
        return self._store.move(
            job_id,
            lambda job: job.retry(now=utc_now()),
            lambda job: job.start(process, now=utc_now()),
        )

    def get(self, job_id: str) -> Job:
        """Fetch a job; raises ``UnknownNameError``."""
        return self._store.get(job_id)

    def page(
        self,
        *,
        state: State | None = None,
        kind: JobKind | None = None,
        model: str | None = None,
        words: str = "",
        cursor: str | None = None,
        limit: int = 24,
    ) -> JobPage:
        """List jobs, newest first.

        ``model`` is what a job works on or makes; ``words`` are part of its title or begin its id.
        """
        return self._store.page(
            state=state, kind=kind, model=model, words=words, cursor=cursor, limit=limit
        )

    def heads(self, job_ids: Collection[str]) -> dict[str, Head]:
        """Tell how far some jobs have come; those that do not exist are left out."""
        return self._store.heads(job_ids)

    def events(
        self, job_id: str, *, after: int, limit: int, types: Collection[EventType] = ()
    ) -> list[Event]:
        """List a job's events after a sequence number, in order; of all types if empty."""
        return self._store.events(job_id, after=after, limit=limit, types=types)

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

        Without either, the newest lines.
        """
        return self._store.log(job_id, wanted, after=after, before=before, limit=limit)

    def whole_log(self, job_id: str, wanted: LogFilter) -> Iterator[list[LogLine]]:
        """Yield all lines, oldest first, many at a time."""
        after, has_more = 0, True
        while has_more:
            page = self._store.log(job_id, wanted, after=after, limit=LINES_AT_ONCE)
            after, has_more = page.reached, page.has_more
            yield page.items

    def cancel(self, job_id: str) -> Job:
        """Ask a job to end; raises ``WrongStateError`` if it is over."""
        release(self._store, job_id)
        return self._store.move(job_id, lambda job: job.request_cancel(now=utc_now()))

    def retry(self, job_id: str) -> Job:
        """Queue a job again that failed, was cancelled or interrupted; it resumes if it can.

        Raises:
            WrongStateError: The job is in another state.
        """
        release(self._store, job_id)
        return self._store.move(job_id, lambda job: job.retry(now=utc_now()))

    def cancel_each(self, job_ids: Sequence[str]) -> list[Outcome]:
        """Ask several jobs to end; those that are over stay as they are, and it is said why."""
        return [_outcome(job_id, self.cancel) for job_id in job_ids]

    def retry_each(self, job_ids: Sequence[str]) -> list[Outcome]:
        """Queue several jobs again; where that cannot be it is said why."""
        return [_outcome(job_id, self.retry) for job_id in job_ids]

    def delete(self, job_id: str) -> None:
        """Forget a job that is over, with its log and its checkpoint; its modules stay.

        Raises:
            UnknownNameError: There is no such job.
            WrongStateError: The job is not over.
        """
        self._store.delete(job_id)
        shutil.rmtree(self._home.jobs / job_id, ignore_errors=True)

    def _new_job(self, request: Request) -> Job:
        checked = self.check(request)
        plan = checked.plan.model_dump(mode="json")
        return Job.new(checked.kind, plan, title=checked.title, now=utc_now())


def _outcome(job_id: str, act: Callable[[str], Job]) -> Outcome:
    try:
        return Outcome(job_id, act(job_id).state, None)
    except (UnknownNameError, WrongStateError) as error:
        return Outcome(job_id, None, str(error))

"""Submit, follow and control jobs."""

import hashlib

from modelfoundry.jobs.model import Job, ProcessId, State, utc_now
from modelfoundry.jobs.store import Event, IdempotencyKey, JobPage, JobStore
from modelfoundry.pipelines.requests import (
    EvaluatePlan,
    EvaluateRequest,
    JobKind,
    ModularizePlan,
    ModularizeRequest,
)
from modelfoundry.pipelines.reuse_requests import (
    AnyReusePlan,
    EveryPairRequest,
    MoreAccurateRequest,
    NewTaskRequest,
    PatchRequest,
    ReuseRequest,
)
from modelfoundry.pipelines.train_requests import TrainPlan, TrainRequest
from modelfoundry.services.checks import CheckedPlan
from modelfoundry.services.evaluate import check_evaluate
from modelfoundry.services.modularize import check_modularize
from modelfoundry.services.reuse import check_reuse
from modelfoundry.services.train import check_train
from modelfoundry.settings import Home

Request = ModularizeRequest | TrainRequest | EvaluateRequest | ReuseRequest
AnyCheckedPlan = (
    CheckedPlan[ModularizePlan]
    | CheckedPlan[TrainPlan]
    | CheckedPlan[EvaluatePlan]
    | CheckedPlan[AnyReusePlan]
)


class JobService:
    """The use cases around jobs; a request becomes a job only after it was checked."""

    def __init__(self, home: Home, store: JobStore) -> None:
        self._home = home
        self._store = store

    def check(self, request: Request) -> AnyCheckedPlan:
        """Make a plan of a request; raises ``InvalidInputError`` with all faults at once."""
        match request:
            case ModularizeRequest():
                return check_modularize(self._home, request)
            case TrainRequest():
                return check_train(self._home, request)
            case EvaluateRequest():
                return check_evaluate(self._home, request)
            case MoreAccurateRequest() | NewTaskRequest() | EveryPairRequest() | PatchRequest():
                return check_reuse(self._home, request)

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
        cursor: str | None = None,
        limit: int = 24,
    ) -> JobPage:
        """List jobs, newest first."""
        return self._store.page(state=state, kind=kind, cursor=cursor, limit=limit)

    def events(self, job_id: str, *, after: int, limit: int) -> list[Event]:
        """List a job's events after a sequence number, in order."""
        return self._store.events(job_id, after=after, limit=limit)

    def cancel(self, job_id: str) -> Job:
        """Ask a job to end; raises ``WrongStateError`` if it is over."""
        return self._store.move(job_id, lambda job: job.request_cancel(now=utc_now()))

    def retry(self, job_id: str) -> Job:
        """Queue a job again that failed, was cancelled or interrupted; it resumes if it can.

        Raises:
            WrongStateError: The job is in another state.
        """
        return self._store.move(job_id, lambda job: job.retry(now=utc_now()))

    def _new_job(self, request: Request) -> Job:
        checked = self.check(request)
        plan = checked.plan.model_dump(mode="json")
        return Job.new(checked.kind, plan, title=checked.title, now=utc_now())

"""Submit, follow and control sweeps: many modules or models asked for at once."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from modelfoundry.errors import WrongStateError
from modelfoundry.jobs.devices import slot_devices
from modelfoundry.jobs.model import Job, ProcessId, utc_now
from modelfoundry.jobs.recovery import take_over
from modelfoundry.jobs.store import IdempotencyKey, JobStore
from modelfoundry.jobs.sweep_store import SweepPage, SweepStore
from modelfoundry.jobs.sweeps import Sweep
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.pipelines.reuse_requests import AnyReusePlan
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.services.checks import CheckedPlan
from modelfoundry.services.estimates import Estimate, estimate
from modelfoundry.services.estimators import (
    EstimatorsRequest,
    check_estimators,
    estimators_title,
)
from modelfoundry.services.finetune_table import FinetuneTable, table_of
from modelfoundry.services.finetunings import FinetuningsRequest, check_finetunings
from modelfoundry.services.sweep_checks import check_sweep
from modelfoundry.services.sweep_pace import left_s
from modelfoundry.services.sweep_request import SweepRequest
from modelfoundry.services.sweep_table import Row, Summary, row_of, summarize
from modelfoundry.services.training_table import Training, training_of
from modelfoundry.settings import Settings

AnySweepRequest = SweepRequest | EstimatorsRequest | FinetuningsRequest
CheckedMember = CheckedPlan[ModularizePlan] | CheckedPlan[TrainPlan] | CheckedPlan[AnyReusePlan]


@dataclass(frozen=True)
class SweepReport:
    """A sweep with its table: of modules in ``rows`` and ``summaries``, or of ``trainings``.

    Attributes:
        finetuning: The table of a sweep that fine-tunes; None for others.
        jobs: The members, in the order of the table.
        eta_s: Seconds until all members are over; None while the pace is unknown.
    """

    sweep: Sweep
    jobs: list[Job]
    rows: list[Row]
    summaries: list[Summary]
    trainings: list[Training]
    finetuning: FinetuneTable | None
    eta_s: float | None


@dataclass(frozen=True)
class SweepOutlook:
    """What a sweep would be, and what it would cost.

    Attributes:
        notes: What holds for every member.
    """

    title: str
    num_jobs: int
    notes: list[str]
    estimate: Estimate


class SweepService:
    """The use cases around sweeps."""

    def __init__(self, settings: Settings, jobs: JobStore, sweeps: SweepStore) -> None:
        self._settings = settings
        self._jobs = jobs
        self._sweeps = sweeps

    def check(self, request: AnySweepRequest) -> SweepOutlook:
        """Make the plans of a sweep; raises ``InvalidInputError`` with all faults at once."""
        title, members = self._checked(request)
        plans = [member.plan for member in members]
        cost = estimate(self._settings.home, self._jobs, plans, slots=self._slots)
        notes = [
            note for note in members[0].notes if all(note in member.notes for member in members)
        ]
        return SweepOutlook(title, len(members), notes, cost)

    def submit(self, request: AnySweepRequest, *, idempotency_key: str | None = None) -> Sweep:
        """Queue all members; the same key and request give the same sweep.

        Raises:
            InvalidInputError: The request has faults; all are listed.
            WrongStateError: The key was used for another request.
        """
        title, members = self._checked(request)
        body = request.model_dump(mode="json")
        key = None
        if idempotency_key is not None:
            content = f"{type(request).__name__}{request.model_dump_json()}"
            digest = hashlib.sha256(content.encode()).hexdigest()
            key = IdempotencyKey(idempotency_key, digest)
        now = utc_now()
        jobs = [
            # A microsecond apart, so that members keep their order.
            Job.new(
                member.kind,
                member.plan.model_dump(mode="json"),
                title=member.title,
                now=now + timedelta(microseconds=at),
            )
            for at, member in enumerate(members)
        ]
        sweep = Sweep.new(body, title=title, now=now)
        return self._sweeps.add(sweep, jobs, idempotency=key)

    def get(self, sweep_id: str) -> Sweep:
        """Fetch a sweep; raises ``UnknownNameError``."""
        return self._sweeps.get(sweep_id)

    def page(self, *, cursor: str | None = None, limit: int = 24) -> SweepPage:
        """List sweeps, newest first."""
        return self._sweeps.page(cursor=cursor, limit=limit)

    def report(self, sweep_id: str) -> SweepReport:
        """Draw up the table of a sweep; raises ``UnknownNameError``."""
        sweep = self._sweeps.get(sweep_id)
        jobs = self._sweeps.jobs(sweep_id)
        trainings = [training_of(job) for job in jobs if job.kind == "train"]
        modularizing = [job for job in jobs if job.kind == "modularize"]
        varied = SweepRequest.model_validate(sweep.request).grid if modularizing else ()
        rows = [row_of(job, varied) for job in modularizing]
        finetuning = table_of(jobs) if jobs[0].kind == "reuse" else None
        eta_s = left_s(jobs, now=utc_now())
        return SweepReport(sweep, jobs, rows, summarize(rows), trainings, finetuning, eta_s)

    def cancel(self, sweep_id: str) -> Sweep:
        """Ask every member to end that has not.

        Raises:
            UnknownNameError: There is no such sweep.
            WrongStateError: All members are over.
        """
        sweep = self._sweeps.get(sweep_id)
        if sweep.num_over == sweep.num_jobs:
            raise WrongStateError(f"cannot cancel sweep {sweep_id}: it is over ({sweep.state})")
        # The last ones first, so that no runner takes one meanwhile.
        for job in reversed(self._sweeps.jobs(sweep_id)):
            if job.state in ("queued", "running", "interrupted"):
                with suppress(WrongStateError):  # it ended meanwhile
                    self._jobs.move(job.id, lambda job: job.request_cancel(now=utc_now()))
        return self._sweeps.get(sweep_id)

    def retry(self, sweep_id: str) -> Sweep:
        """Queue the members again that failed, were cancelled or interrupted.

        Raises:
            UnknownNameError: There is no such sweep.
            WrongStateError: There is no such member.
        """
        sweep = self._sweeps.get(sweep_id)
        retried = self._retry(self._sweeps.jobs(sweep_id))
        if not retried:
            raise WrongStateError(
                f"cannot retry sweep {sweep_id}: it is {sweep.state}, and no member of it failed, "
                "was cancelled or interrupted"
            )
        return self._sweeps.get(sweep_id)

    def resume_here(self, sweep_id: str) -> Sweep:
        """Queue everything again that has not succeeded and that nobody works on."""
        self._sweeps.get(sweep_id)
        self._take_over(sweep_id)
        self._retry(self._sweeps.jobs(sweep_id))
        return self._sweeps.get(sweep_id)

    def claim(self, sweep_id: str, process: ProcessId) -> Job | None:
        """Start the next member in a process of the caller's.

        Members that a stopped server or a killed terminal has left count as queued; None if others
        work on all that is left.
        """
        job = self._jobs.claim(process, sweep_id=sweep_id)
        if job is None:
            self._take_over(sweep_id)
            job = self._jobs.claim(process, sweep_id=sweep_id)
        return job

    def _checked(self, request: AnySweepRequest) -> tuple[str, Sequence[CheckedMember]]:
        home = self._settings.home
        if isinstance(request, SweepRequest):
            sweep = check_sweep(home, request)
            return sweep.title, sweep.members
        if isinstance(request, FinetuningsRequest):
            return check_finetunings(home, request)
        return estimators_title(request), check_estimators(home, request)

    def _take_over(self, sweep_id: str) -> None:
        for job in self._sweeps.jobs(sweep_id):
            take_over(self._jobs, job)

    def _retry(self, jobs: Sequence[Job]) -> int:
        retried = 0
        for job in jobs:
            if job.state in ("failed", "cancelled", "interrupted"):
                with suppress(WrongStateError):  # somebody was quicker
                    self._jobs.move(job.id, lambda job: job.retry(now=utc_now()))
                    retried += 1
        return retried

    @cached_property
    def _slots(self) -> int:
        return len(slot_devices(self._settings.slots))

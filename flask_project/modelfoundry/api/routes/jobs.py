"""Jobs: list, inspect, control."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint, EmptySchema
from flask import url_for
from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.schemas import PageQuery, View
from modelfoundry.jobs.model import Job, State
from modelfoundry.pipelines.requests import JobKind
from modelfoundry.services.jobs import Outcome

bp = APIBlueprint("jobs", __name__, url_prefix=API_PREFIX)


class JobsQuery(PageQuery):
    """Which jobs are wanted."""

    state: State | None = None
    kind: JobKind | None = None
    model: str | None = Field(default=None, description="What a job works on, or makes.")
    q: str = Field(
        default="", max_length=200, description="Part of the title, or the beginning of the id."
    )


class ProgressView(View):
    """How far the current stage is; ``eta_s`` is null while the pace is unknown."""

    stage: str
    done: int
    total: int
    eta_s: float | None


class AttemptView(View):
    """One try at a job."""

    number: int
    state: State
    started_at: datetime
    ended_at: datetime | None
    error: str | None


class JobView(View):
    """One piece of long work; ``request`` is the checked plan.

    ``modules`` are the ids of those that it has made; ``sweep_id`` names the sweep that the job is
    a member of, if any.
    """

    id: str
    kind: JobKind
    title: str
    state: State
    request: dict[str, Any]
    progress: ProgressView | None
    error: str | None
    modules: list[str]
    result: dict[str, Any] | None
    cancel_requested: bool
    sweep_id: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    attempts: list[AttemptView]

    @classmethod
    def of(cls, job: Job) -> "JobView":
        """Show a job."""
        return cls.model_validate(vars(job) | {"request": job.plan})


class JobPage(View):
    """Some jobs, newest first."""

    items: list[JobView]
    next_cursor: str | None
    total: int


class SeveralJobs(BaseModel):
    """Which jobs are meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ids: tuple[str, ...] = Field(min_length=1, max_length=100)


class OutcomeView(View):
    """What came of a wish for one of several jobs: its new state, or why nothing was done."""

    id: str
    state: State | None
    error: str | None


class Outcomes(View):
    """What came of each, in the order of the request."""

    items: list[OutcomeView]

    @classmethod
    def of(cls, outcomes: list[Outcome]) -> "Outcomes":
        """Show what came of each."""
        return cls(items=[OutcomeView.model_validate(outcome) for outcome in outcomes])


def accepted(job: Job) -> Reply[JobView]:
    """Answer that a job was taken on and where to follow it."""
    return JobView.of(job), 202, {"Location": url_for("jobs.get_job", job_id=job.id)}


@bp.get("/jobs")
@bp.input(JobsQuery, location="query")
@bp.output(JobPage)
def list_jobs(query_data: JobsQuery) -> JobPage:
    """List jobs, newest first."""
    wanted = query_data.model_dump(exclude={"q"})
    page = services().jobs.page(words=query_data.q, **wanted)
    items = [JobView.of(job) for job in page.items]
    return JobPage(items=items, next_cursor=page.next_cursor, total=page.total)


@bp.get("/jobs/<job_id>")
@bp.output(JobView)
def get_job(job_id: str) -> JobView:
    """Describe one job."""
    return JobView.of(services().jobs.get(job_id))


@bp.delete("/jobs/<job_id>")
@bp.output(EmptySchema, status_code=204)
@bp.doc(responses=[404, 409])
def delete_job(job_id: str) -> str:
    """Forget a job that is over, with its log and checkpoint; its modules stay."""
    services().jobs.delete(job_id)
    return ""


@bp.post("/jobs/cancel")
@bp.input(SeveralJobs, arg_name="wanted")
@bp.output(Outcomes)
def cancel_jobs(wanted: SeveralJobs) -> Outcomes:
    """Ask several jobs to end; those that are over stay as they are, and it is said why."""
    return Outcomes.of(services().jobs.cancel_each(wanted.ids))


@bp.post("/jobs/retry")
@bp.input(SeveralJobs, arg_name="wanted")
@bp.output(Outcomes)
def retry_jobs(wanted: SeveralJobs) -> Outcomes:
    """Queue several jobs again; where that cannot be it is said why."""
    return Outcomes.of(services().jobs.retry_each(wanted.ids))


@bp.post("/jobs/<job_id>/cancel")
@bp.output(JobView)
@bp.doc(responses=[404, 409])
def cancel_job(job_id: str) -> JobView:
    """Ask a job to end; a running one ends between two batches."""
    return JobView.of(services().jobs.cancel(job_id))


@bp.post("/jobs/<job_id>/retry")
@bp.output(JobView, status_code=202)
@bp.doc(responses=[404, 409])
def retry_job(job_id: str) -> Reply[JobView]:
    """Queue a job again; it goes on from its checkpoint if it has one."""
    return accepted(services().jobs.retry(job_id))

"""Jobs: list, inspect, control."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import url_for

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.schemas import PageQuery, View
from modelfoundry.jobs.model import Job, State
from modelfoundry.pipelines.requests import JobKind

bp = APIBlueprint("jobs", __name__, url_prefix=API_PREFIX)


class JobsQuery(PageQuery):
    """Which jobs are wanted."""

    state: State | None = None
    kind: JobKind | None = None


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


def accepted(job: Job) -> Reply[JobView]:
    """Answer that a job was taken on and where to follow it."""
    return JobView.of(job), 202, {"Location": url_for("jobs.get_job", job_id=job.id)}


@bp.get("/jobs")
@bp.input(JobsQuery, location="query")
@bp.output(JobPage)
def list_jobs(query_data: JobsQuery) -> JobPage:
    """List jobs, newest first."""
    page = services().jobs.page(**query_data.model_dump())
    items = [JobView.of(job) for job in page.items]
    return JobPage(items=items, next_cursor=page.next_cursor, total=page.total)


@bp.get("/jobs/<job_id>")
@bp.output(JobView)
def get_job(job_id: str) -> JobView:
    """Describe one job."""
    return JobView.of(services().jobs.get(job_id))


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

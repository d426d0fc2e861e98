"""Sweeps: many modules or models asked for at once, with one table at the end."""

from typing import Literal

from apiflask import APIBlueprint, FileSchema
from flask import Response, url_for
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.schemas import PageQuery, Query, View
from modelfoundry.api.submission import (
    SubmissionQuery,
    answers_with,
    idempotency_key,
)
from modelfoundry.api.sweep_views import SweepPlanView, SweepReportView, SweepView
from modelfoundry.jobs.sweeps import Sweep
from modelfoundry.services.sweep_csv import table_csv
from modelfoundry.services.sweep_request import SweepRequest

bp = APIBlueprint("sweeps", __name__, url_prefix=API_PREFIX)


class SweepTableQuery(Query):
    """Which part of the table is wanted."""

    of: Literal["settings", "members"] = Field(
        default="settings", description="Means of each combination of settings, or every member."
    )


class SweepPage(View):
    """Some sweeps, newest first."""

    items: list[SweepView]
    next_cursor: str | None
    total: int


@bp.post("/sweeps")
@bp.input(SubmissionQuery, location="query")
@bp.input(SweepRequest, arg_name="wanted")
@bp.output(SweepView, status_code=202)
@bp.doc(responses=answers_with(SweepPlanView))
def submit_sweep(
    query_data: SubmissionQuery, wanted: SweepRequest
) -> Reply[SweepView] | tuple[SweepPlanView, int]:
    """Modularize every combination of models, targets, settings and seeds."""
    if query_data.dry_run:
        return SweepPlanView.model_validate(services().sweeps.check(wanted)), 200
    return accepted_sweep(services().sweeps.submit(wanted, idempotency_key=idempotency_key()))


@bp.get("/sweeps")
@bp.input(PageQuery, location="query")
@bp.output(SweepPage)
def list_sweeps(query_data: PageQuery) -> SweepPage:
    """List sweeps, newest first."""
    return SweepPage.model_validate(services().sweeps.page(**query_data.model_dump()))


@bp.get("/sweeps/<sweep_id>")
@bp.output(SweepReportView)
def get_sweep(sweep_id: str) -> SweepReportView:
    """Describe one sweep, with its table."""
    return SweepReportView.of(services().sweeps.report(sweep_id))


@bp.get("/sweeps/<sweep_id>/table.csv")
@bp.input(SweepTableQuery, location="query")
@bp.output(
    FileSchema(type="string"),
    content_type="text/csv",
    description="The table, with one line of names first.",
)
def get_sweep_table(sweep_id: str, query_data: SweepTableQuery) -> Response:
    """Download the table of a sweep for a spreadsheet."""
    report = services().sweeps.report(sweep_id)
    text = table_csv(report, of=query_data.of)
    name = f"sweep-{sweep_id}-{query_data.of}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, content_type="text/csv; charset=utf-8")


@bp.post("/sweeps/<sweep_id>/cancel")
@bp.output(SweepView)
@bp.doc(responses=[404, 409])
def cancel_sweep(sweep_id: str) -> SweepView:
    """Ask every member to end that has not."""
    return SweepView.model_validate(services().sweeps.cancel(sweep_id))


@bp.post("/sweeps/<sweep_id>/retry")
@bp.output(SweepView, status_code=202)
@bp.doc(responses=[404, 409])
def retry_sweep(sweep_id: str) -> Reply[SweepView]:
    """Queue the members again that failed, were cancelled or interrupted."""
    return accepted_sweep(services().sweeps.retry(sweep_id))


def accepted_sweep(sweep: Sweep) -> Reply[SweepView]:
    """Answer with a sweep and with where to follow it."""
    location = url_for("sweeps.get_sweep", sweep_id=sweep.id)
    return SweepView.model_validate(sweep), 202, {"Location": location}

"""Ask for work: modularize, evaluate."""

from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.jobs import JobView, accepted
from modelfoundry.api.schemas import Query, View
from modelfoundry.pipelines.requests import EvaluateRequest, ModularizePlan, ModularizeRequest

bp = APIBlueprint("submissions", __name__, url_prefix=API_PREFIX)


class SubmissionQuery(Query):
    """How to take a submission."""

    dry_run: bool = Field(default=False, description="Only check; answer with the plan.")


class PlanView(View):
    """What would be done, with every choice made."""

    plan: ModularizePlan
    notes: list[str]


MODULARIZE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "What would be done; the answer to a dry run.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PlanView"}}},
    },
    409: {"description": "The Idempotency-Key was used for another request."},
}


@bp.post("/modularize")
@bp.input(SubmissionQuery, location="query")
@bp.input(ModularizeRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=MODULARIZE_RESPONSES)
def modularize(
    query_data: SubmissionQuery, wanted: ModularizeRequest
) -> Reply[JobView] | tuple[PlanView, int]:
    """Cut the part of a model that solves a target out as a module."""
    if query_data.dry_run:
        checked = services().jobs.check(wanted)
        return PlanView.model_validate(checked), 200
    return accepted(services().jobs.submit(wanted, idempotency_key=_idempotency_key()))


@bp.post("/evaluate")
@bp.input(EvaluateRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses={409: "The Idempotency-Key was used for another request."})
def evaluate(wanted: EvaluateRequest) -> Reply[JobView]:
    """Measure a model, or a module beside its original, on the test images of a data set."""
    return accepted(services().jobs.submit(wanted, idempotency_key=_idempotency_key()))


def _idempotency_key() -> str | None:
    return request.headers.get("Idempotency-Key")

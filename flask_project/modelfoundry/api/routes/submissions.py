"""Ask for work: modularize, evaluate."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.jobs import JobView, accepted
from modelfoundry.api.schemas import View
from modelfoundry.api.submission import (
    REUSED_KEY,
    EstimateView,
    SubmissionQuery,
    answers_with,
    idempotency_key,
)
from modelfoundry.pipelines.requests import EvaluateRequest, ModularizePlan, ModularizeRequest

bp = APIBlueprint("submissions", __name__, url_prefix=API_PREFIX)


class PlanView(View):
    """What would be done, with every choice made, and what it would cost."""

    title: str
    plan: ModularizePlan
    notes: list[str]
    estimate: EstimateView


@bp.post("/modularize")
@bp.input(SubmissionQuery, location="query")
@bp.input(ModularizeRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=answers_with(PlanView))
def modularize(
    query_data: SubmissionQuery, wanted: ModularizeRequest
) -> Reply[JobView] | tuple[PlanView, int]:
    """Cut the part of a model that solves a target out as a module."""
    if query_data.dry_run:
        return PlanView.model_validate(services().jobs.outlook(wanted)), 200
    return accepted(services().jobs.submit(wanted, idempotency_key=idempotency_key()))


@bp.post("/evaluate")
@bp.input(EvaluateRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses={409: REUSED_KEY})
def evaluate(wanted: EvaluateRequest) -> Reply[JobView]:
    """Measure a model, or a module beside its original, on the test images of a data set."""
    return accepted(services().jobs.submit(wanted, idempotency_key=idempotency_key()))

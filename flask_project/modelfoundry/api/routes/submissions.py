"""Ask for work: modularize, evaluate."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, Reply
from modelfoundry.api.routes.jobs import JobView
from modelfoundry.api.submission import OutlookView, SubmissionQuery, answers_with, taken_on
from modelfoundry.pipelines.requests import (
    EvaluatePlan,
    EvaluateRequest,
    ModularizePlan,
    ModularizeRequest,
)

bp = APIBlueprint("submissions", __name__, url_prefix=API_PREFIX)


class PlanView(OutlookView):
    """What would be done, with every choice made, and what it would cost."""

    plan: ModularizePlan


class EvaluatePlanView(OutlookView):
    """What would be measured, on which data set, and what it would cost."""

    plan: EvaluatePlan


@bp.post("/modularize")
@bp.input(SubmissionQuery, location="query")
@bp.input(ModularizeRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=answers_with(PlanView))
def modularize(
    query_data: SubmissionQuery, wanted: ModularizeRequest
) -> Reply[JobView] | tuple[PlanView, int]:
    """Cut the part of a model that solves a target out as a module."""
    return taken_on(wanted, query_data, PlanView)


@bp.post("/evaluate")
@bp.input(SubmissionQuery, location="query")
@bp.input(EvaluateRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=answers_with(EvaluatePlanView))
def evaluate(
    query_data: SubmissionQuery, wanted: EvaluateRequest
) -> Reply[JobView] | tuple[EvaluatePlanView, int]:
    """Measure a model, or a module beside its original, on the test images of a data set."""
    return taken_on(wanted, query_data, EvaluatePlanView)

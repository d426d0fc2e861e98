"""Train models: one, or a group of estimators."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.jobs import JobView
from modelfoundry.api.routes.sweeps import accepted_sweep
from modelfoundry.api.submission import (
    OutlookView,
    SubmissionQuery,
    answers_with,
    idempotency_key,
    taken_on,
)
from modelfoundry.api.sweep_views import SweepPlanView, SweepView
from modelfoundry.pipelines.train_requests import TrainPlan, TrainRequest
from modelfoundry.services.estimators import EstimatorsRequest

bp = APIBlueprint("train", __name__, url_prefix=API_PREFIX)


class TrainPlanView(OutlookView):
    """What would be done, with every choice made, and what it would cost."""

    plan: TrainPlan


@bp.post("/train")
@bp.input(SubmissionQuery, location="query")
@bp.input(TrainRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=answers_with(TrainPlanView))
def train(
    query_data: SubmissionQuery, wanted: TrainRequest
) -> Reply[JobView] | tuple[TrainPlanView, int]:
    """Train a network on a data set, or on a biased subset of it; the result is a model."""
    return taken_on(wanted, query_data, TrainPlanView)


@bp.post("/estimators")
@bp.input(SubmissionQuery, location="query")
@bp.input(EstimatorsRequest, arg_name="wanted")
@bp.output(SweepView, status_code=202)
@bp.doc(responses=answers_with(SweepPlanView))
def train_estimators(
    query_data: SubmissionQuery, wanted: EstimatorsRequest
) -> Reply[SweepView] | tuple[SweepPlanView, int]:
    """Train a network of every architecture on every biased subset; they become one sweep."""
    if query_data.dry_run:
        return SweepPlanView.model_validate(services().sweeps.check(wanted)), 200
    return accepted_sweep(services().sweeps.submit(wanted, idempotency_key=idempotency_key()))

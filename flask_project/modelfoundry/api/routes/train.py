"""Train models: one, or a group of estimators."""

from typing import Any

from apiflask import APIBlueprint
from flask import request

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.jobs import JobView, accepted
from modelfoundry.api.routes.submissions import SubmissionQuery
from modelfoundry.api.routes.sweeps import RESPONSES, SweepPlanView, SweepView, accepted_sweep
from modelfoundry.api.schemas import View
from modelfoundry.pipelines.train_requests import TrainPlan, TrainRequest
from modelfoundry.services.estimators import EstimatorsRequest

bp = APIBlueprint("train", __name__, url_prefix=API_PREFIX)


class TrainPlanView(View):
    """What would be done, with every choice made."""

    title: str
    plan: TrainPlan
    notes: list[str]


TRAIN_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "What would be done; the answer to a dry run.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/TrainPlanView"}}},
    },
    409: {"description": "The Idempotency-Key was used for another request."},
}


@bp.post("/train")
@bp.input(SubmissionQuery, location="query")
@bp.input(TrainRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=TRAIN_RESPONSES)
def train(
    query_data: SubmissionQuery, wanted: TrainRequest
) -> Reply[JobView] | tuple[TrainPlanView, int]:
    """Train a network on a data set, or on a biased subset of it; the result is a model."""
    if query_data.dry_run:
        return TrainPlanView.model_validate(services().jobs.check(wanted)), 200
    key = request.headers.get("Idempotency-Key")
    return accepted(services().jobs.submit(wanted, idempotency_key=key))


@bp.post("/estimators")
@bp.input(SubmissionQuery, location="query")
@bp.input(EstimatorsRequest, arg_name="wanted")
@bp.output(SweepView, status_code=202)
@bp.doc(responses=RESPONSES)
def train_estimators(
    query_data: SubmissionQuery, wanted: EstimatorsRequest
) -> Reply[SweepView] | tuple[SweepPlanView, int]:
    """Train a network of every architecture on every biased subset; they become one sweep."""
    if query_data.dry_run:
        return SweepPlanView.of(services().sweeps.check(wanted)), 200
    key = request.headers.get("Idempotency-Key")
    return accepted_sweep(services().sweeps.submit(wanted, idempotency_key=key))

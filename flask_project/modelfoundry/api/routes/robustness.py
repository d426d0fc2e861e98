"""Attacks on modules and what they have found; backdoors planted on purpose."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.jobs import JobView, accepted
from modelfoundry.api.schemas import View
from modelfoundry.api.submission import SubmissionQuery, answers_with, idempotency_key
from modelfoundry.evaluation.robustness_store import Robustness
from modelfoundry.pipelines.backdoor_requests import BackdoorRequest, PlantBackdoor
from modelfoundry.pipelines.robustness_requests import (
    AnyAttackRequest,
    RobustnessPlan,
    RobustnessRequest,
)

bp = APIBlueprint("robustness", __name__, url_prefix=API_PREFIX)


class RobustnessList(View):
    """One report for each kind of attack, newest first."""

    items: list[Robustness]


class RobustnessPlanView(View):
    """What would be done, with every choice made."""

    title: str
    plan: RobustnessPlan
    notes: list[str]


@bp.get("/modules/<module_id>/robustness")
@bp.output(RobustnessList)
def list_module_robustness(module_id: str) -> RobustnessList:
    """List what attacks have found of a module."""
    return RobustnessList(items=services().robustness.of(module_id))


@bp.post("/modules/<module_id>/robustness")
@bp.input(SubmissionQuery, location="query")
@bp.input(AnyAttackRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=answers_with(RobustnessPlanView))
def attack_module(
    module_id: str, query_data: SubmissionQuery, wanted: AnyAttackRequest
) -> Reply[JobView] | tuple[RobustnessPlanView, int]:
    """Attack a module, or the network it was fine-tuned from, on the test images."""
    asked = RobustnessRequest(module=module_id, attack=wanted.root)
    if query_data.dry_run:
        return RobustnessPlanView.model_validate(services().jobs.check(asked)), 200
    return accepted(services().jobs.submit(asked, idempotency_key=idempotency_key()))


@bp.post("/models/<name>/backdoor")
@bp.input(PlantBackdoor, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses={409: "The Idempotency-Key was used for another request."})
def plant_backdoor(name: str, wanted: PlantBackdoor) -> Reply[JobView]:
    """Teach a copy of a model to obey a trigger, to see what becomes of it by fine-tuning."""
    asked = BackdoorRequest(model=name, **dict(wanted))
    return accepted(services().jobs.submit(asked, idempotency_key=idempotency_key()))

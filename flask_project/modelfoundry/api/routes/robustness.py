"""Attacks on modules and what they have found; backdoors planted on purpose."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.jobs import JobView
from modelfoundry.api.schemas import View
from modelfoundry.api.submission import OutlookView, SubmissionQuery, answers_with, taken_on
from modelfoundry.evaluation.robustness_store import Robustness
from modelfoundry.pipelines.backdoor_requests import (
    BackdoorPlan,
    BackdoorRequest,
    PlantBackdoor,
)
from modelfoundry.pipelines.robustness_requests import (
    AnyAttackRequest,
    RobustnessPlan,
    RobustnessRequest,
)

bp = APIBlueprint("robustness", __name__, url_prefix=API_PREFIX)


class RobustnessList(View):
    """One report for each kind of attack, newest first."""

    items: list[Robustness]


class RobustnessPlanView(OutlookView):
    """What would be done, with every choice made, and what it would cost."""

    plan: RobustnessPlan


class BackdoorPlanView(OutlookView):
    """What would be done, with every choice made, and what it would cost."""

    plan: BackdoorPlan


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
    return taken_on(asked, query_data, RobustnessPlanView)


@bp.post("/models/<name>/backdoor")
@bp.input(SubmissionQuery, location="query")
@bp.input(PlantBackdoor, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=answers_with(BackdoorPlanView))
def plant_backdoor(
    name: str, query_data: SubmissionQuery, wanted: PlantBackdoor
) -> Reply[JobView] | tuple[BackdoorPlanView, int]:
    """Teach a copy of a model to obey a trigger, to see what becomes of it by fine-tuning."""
    asked = BackdoorRequest(model=name, **dict(wanted))
    return taken_on(asked, query_data, BackdoorPlanView)

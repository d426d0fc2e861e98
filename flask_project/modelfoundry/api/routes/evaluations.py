"""What was found of models and modules on the test images of data sets."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import View
from modelfoundry.evaluation.results import Evaluation

bp = APIBlueprint("evaluations", __name__, url_prefix=API_PREFIX)


class EvaluationList(View):
    """One evaluation for each data set, newest first."""

    items: list[Evaluation]


@bp.get("/modules/<module_id>/evaluations")
@bp.output(EvaluationList)
def list_module_evaluations(module_id: str) -> EvaluationList:
    """List what was found of a module, beside the model it was cut from."""
    return EvaluationList(items=services().modules.evaluations(module_id))


@bp.get("/models/<name>/evaluations")
@bp.output(EvaluationList)
def list_model_evaluations(name: str) -> EvaluationList:
    """List what was found of a model."""
    return EvaluationList(items=services().models.evaluations(name))

"""What can be asked for of any kind, and what checks it."""

from modelfoundry.pipelines.backdoor_requests import BackdoorPlan, BackdoorRequest
from modelfoundry.pipelines.finetune_requests import FinetuneRequest
from modelfoundry.pipelines.requests import (
    EvaluatePlan,
    EvaluateRequest,
    ModularizePlan,
    ModularizeRequest,
)
from modelfoundry.pipelines.reuse_requests import (
    AnyReusePlan,
    EveryPairRequest,
    MoreAccurateRequest,
    NewTaskRequest,
    PatchRequest,
    ReuseRequest,
)
from modelfoundry.pipelines.robustness_requests import RobustnessPlan, RobustnessRequest
from modelfoundry.pipelines.train_requests import TrainPlan, TrainRequest
from modelfoundry.services.backdoor import check_backdoor
from modelfoundry.services.checks import CheckedPlan
from modelfoundry.services.evaluate import check_evaluate
from modelfoundry.services.modularize import check_modularize
from modelfoundry.services.reuse import check_reuse
from modelfoundry.services.robustness import check_robustness
from modelfoundry.services.train import check_train
from modelfoundry.settings import Home

Request = (
    ModularizeRequest
    | TrainRequest
    | EvaluateRequest
    | ReuseRequest
    | RobustnessRequest
    | BackdoorRequest
)
AnyCheckedPlan = (
    CheckedPlan[ModularizePlan]
    | CheckedPlan[TrainPlan]
    | CheckedPlan[EvaluatePlan]
    | CheckedPlan[AnyReusePlan]
    | CheckedPlan[RobustnessPlan]
    | CheckedPlan[BackdoorPlan]
)


def check_request(home: Home, request: Request) -> AnyCheckedPlan:
    """Make a plan of a request.

    Raises:
        InvalidInputError: It has faults; all are listed.
    """
    match request:
        case ModularizeRequest():
            return check_modularize(home, request)
        case TrainRequest():
            return check_train(home, request)
        case EvaluateRequest():
            return check_evaluate(home, request)
        case BackdoorRequest():
            return check_backdoor(home, request)
        case RobustnessRequest():
            return check_robustness(home, request)
        case (
            MoreAccurateRequest()
            | NewTaskRequest()
            | EveryPairRequest()
            | PatchRequest()
            | FinetuneRequest()
        ):
            return check_reuse(home, request)

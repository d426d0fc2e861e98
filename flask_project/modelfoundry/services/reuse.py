"""Ask for modules to be put together or a model to be fine-tuned, and read what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from modelfoundry.catalog.models import find_model
from modelfoundry.errors import UnknownNameError, WrongStateError
from modelfoundry.jobs.store import JobStore
from modelfoundry.pipelines.finetune_requests import FinetunePlan, FinetuneRequest
from modelfoundry.pipelines.reuse.pool import PoolModule, load_pool
from modelfoundry.pipelines.reuse_requests import (
    AnyReusePlan,
    ComposePlan,
    EveryPairPlan,
    MoreAccuratePlan,
    NewTaskPlan,
    PatchPlan,
    ReuseRequest,
)
from modelfoundry.services.checks import CheckedPlan
from modelfoundry.services.finetune import check_finetune
from modelfoundry.services.reuse_checks import plan_composition
from modelfoundry.services.reuse_result import AnyReuseResult, ReuseResult
from modelfoundry.settings import Home


@dataclass(frozen=True)
class ReuseOutlook:
    """What a reuse would be; ``pool`` is what there is to choose from, if modules are."""

    checked: CheckedPlan[AnyReusePlan]
    pool: list[PoolModule]


def check_reuse(home: Home, request: ReuseRequest) -> CheckedPlan[AnyReusePlan]:
    """Make every choice that a request leaves open, and look for everything that is wrong.

    Raises:
        InvalidInputError: With all faults at once, each pointing into the request.
    """
    if isinstance(request, FinetuneRequest):
        return check_finetune(home, request)
    plan = plan_composition(home, request)
    title = _title(home, plan)
    return CheckedPlan("reuse", AnyReusePlan(plan), title, list(_notes(plan)))


class ReuseService:
    """The use cases around reuse besides its jobs, which are jobs like all others."""

    def __init__(self, home: Home, jobs: JobStore) -> None:
        self._home = home
        self._jobs = jobs

    def check(self, request: ReuseRequest) -> ReuseOutlook:
        """Make a plan of a request; raises ``InvalidInputError`` with all faults at once."""
        checked = check_reuse(self._home, request)
        plan = checked.plan.root
        pool = () if isinstance(plan, FinetunePlan) else plan.pool
        return ReuseOutlook(checked, load_pool(self._home, pool))

    def result(self, job_id: str) -> ReuseResult:
        """Read what a job has found.

        Raises:
            UnknownNameError: There is no such job, or it is of another kind.
            WrongStateError: It has not succeeded.
        """
        job = self._jobs.get(job_id)
        if job.kind != "reuse":
            raise UnknownNameError("reuse job", job_id)
        if job.state != "succeeded":
            raise WrongStateError(f"job {job_id} is {job.state}; wait until it has succeeded")
        return AnyReuseResult.model_validate(job.result).root


def _title(home: Home, plan: ComposePlan) -> str:
    match plan:
        case MoreAccuratePlan():
            return f"More accurate model of {plan.dataset}"
        case NewTaskPlan():
            return f"New task: {', '.join(output.name for output in plan.outputs)}"
        case EveryPairPlan():
            return f"Every pair of {' and '.join(plan.datasets)}"
        case PatchPlan():
            return f"Patch {plan.class_name} of {find_model(home, plan.model).title}"


def _notes(plan: ComposePlan) -> Iterator[str]:
    yield f"{len(plan.pool)} modules to choose from."
    yield (
        "The first fifth of the test images chooses; the rest is read once, when everything is "
        "chosen."
    )

"""Ask for modules to be put together or a model to be fine-tuned, and read what came of it."""

from collections.abc import Iterator

from modelfoundry.catalog.models import find_model
from modelfoundry.errors import UnknownNameError, WrongStateError
from modelfoundry.jobs.store import JobStore
from modelfoundry.pipelines.finetune_requests import FinetuneRequest
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
from modelfoundry.services.finetune import FinetuneOffer, check_finetune, finetune_offer
from modelfoundry.services.reuse_checks import plan_composition
from modelfoundry.services.reuse_result import AnyReuseResult, ReuseResult
from modelfoundry.services.work_shapes import AnyPlan, pool_of
from modelfoundry.settings import Home


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

    def pool(self, plan: AnyPlan) -> list[PoolModule]:
        """List the modules that a plan chooses from; none where it does not choose any."""
        return load_pool(self._home, pool_of(plan))

    def finetune_offer(self, dataset: str | None) -> FinetuneOffer:
        """List the settings of fine-tuning, with presets if a data set is named.

        Raises:
            UnknownNameError: There is no such data set.
        """
        return finetune_offer(self._home, dataset)

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
    yield f"Modules to choose from: {len(plan.pool)}."
    yield (
        "The first fifth of the test images chooses; the rest is read once, when everything is "
        "chosen."
    )

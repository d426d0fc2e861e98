"""Put modules together: to a more accurate model, for a new task, to mend a weak model."""

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.jobs import JobView, accepted
from modelfoundry.api.schemas import View
from modelfoundry.api.submission import (
    OutlookView,
    SubmissionQuery,
    answers_with,
    idempotency_key,
)
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.pipelines.reuse_requests import AnyReusePlan, AnyReuseRequest
from modelfoundry.services.reuse_result import AnyReuseResult

bp = APIBlueprint("reuse", __name__, url_prefix=API_PREFIX)


class PoolModuleView(View):
    """A module to choose from; ``output`` is what it answers for, as class@data set."""

    module: str
    output: str
    model: str
    architecture: str
    kernels_kept: int | None

    @classmethod
    def of(cls, module: PoolModule) -> "PoolModuleView":
        """Show a module of the pool."""
        return cls.model_validate(
            vars(module) | {"module": module.id, "output": module.output.name}
        )


class ReusePlanView(OutlookView):
    """What would be done and what it would cost, and which module answers for what."""

    plan: AnyReusePlan
    pool: list[PoolModuleView]


@bp.post("/reuse")
@bp.input(SubmissionQuery, location="query")
@bp.input(AnyReuseRequest, arg_name="wanted")
@bp.output(JobView, status_code=202)
@bp.doc(responses=answers_with(ReusePlanView))
def reuse(
    query_data: SubmissionQuery, wanted: AnyReuseRequest
) -> Reply[JobView] | tuple[ReusePlanView, int]:
    """Put modules together, chosen on the first fifth of the test images."""
    if query_data.dry_run:
        outlook = services().jobs.outlook(wanted.root)
        pool = [PoolModuleView.of(module) for module in services().reuse.pool(outlook.plan)]
        return ReusePlanView.model_validate(vars(outlook) | {"pool": pool}), 200
    return accepted(services().jobs.submit(wanted.root, idempotency_key=idempotency_key()))


@bp.get("/jobs/<job_id>/reuse")
@bp.output(AnyReuseResult)
@bp.doc(responses=[404, 409])
def get_reuse_result(job_id: str) -> AnyReuseResult:
    """Tell what a reuse job has found: every module's F1, the options, and what they gain."""
    return AnyReuseResult(services().reuse.result(job_id))

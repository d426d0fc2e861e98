"""Published tables beside what this installation has reached."""

from typing import Any

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import View
from modelfoundry.catalog.published_results import Table, Targets
from modelfoundry.services.benchmark_steps import StepKind
from modelfoundry.services.benchmarks import BenchmarkRow

bp = APIBlueprint("benchmarks", __name__, url_prefix=API_PREFIX)


class PublishedTargetView(View):
    """What others have published of one target; both numbers are 0-1."""

    target: str
    accuracy: float
    retained_ratio: float


class PublishedView(View):
    """What others have published: means over all targets, 0-1; null where they say nothing."""

    original_accuracy: float | None
    accuracy: float
    retained_ratio: float | None
    source: str
    targets: list[PublishedTargetView]


class ReachedTargetView(View):
    """The best module here for one target, chosen on validation images, scored on test images."""

    target: str
    module_id: str
    accuracy: float
    original_accuracy: float
    retained_ratio: float


class ReachedView(View):
    """Means over those targets that have a module here, all of one model."""

    model: str
    original_accuracy: float
    accuracy: float
    retained_ratio: float
    num_targets: int
    targets: list[ReachedTargetView]


class NextStepView(View):
    """What brings the row further.

    ``request`` is what to send: to ``/train``, ``/estimators``, ``/sweeps`` or ``/reuse``, as
    ``kind`` says. It is null for what only ``command`` can fetch.
    """

    kind: StepKind
    command: str
    request: dict[str, Any] | None


class BenchmarkRowView(View):
    """A row of a published table, what was reached of it here, and the next step."""

    name: str
    table: Table
    architecture: str
    dataset: str
    dataset_title: str
    targets: Targets
    num_targets: int
    published: PublishedView
    reached: ReachedView | None
    next_step: NextStepView

    @classmethod
    def of(cls, row: BenchmarkRow) -> "BenchmarkRowView":
        """Show a row."""
        step = row.next_step
        asked = step.request
        targets = [
            {"target": target, **each.model_dump()}
            for target, each in row.published_by_target.items()
        ]
        request = None if asked is None else asked.model_dump(mode="json", exclude_unset=True)
        return cls(
            name=row.published.name,
            table=row.published.table,
            architecture=row.published.architectures[0],
            dataset=row.published.dataset,
            dataset_title=row.dataset_title,
            targets=row.published.targets,
            num_targets=row.num_targets,
            published=PublishedView.model_validate(
                row.published.model_dump(exclude={"targets"}) | {"targets": targets}
            ),
            reached=None if row.reached is None else ReachedView.model_validate(row.reached),
            next_step=NextStepView(kind=step.kind, command=step.command, request=request),
        )


class BenchmarkList(View):
    """All rows; there are few enough for one page."""

    items: list[BenchmarkRowView]


@bp.get("/benchmarks")
@bp.output(BenchmarkList)
def list_benchmarks() -> BenchmarkList:
    """List the rows of the published tables beside what was reached here."""
    return BenchmarkList(items=[BenchmarkRowView.of(row) for row in services().benchmarks.rows()])

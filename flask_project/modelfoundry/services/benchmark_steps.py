"""What brings a row of a published table further: something to get, or a request to send."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.published_results import PublishedRow
from modelfoundry.jobs.module_store import Module
from modelfoundry.pipelines.requests import Target
from modelfoundry.pipelines.reuse_requests import MoreAccurateRequest, Pool
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.services.estimators import EstimatorsRequest
from modelfoundry.services.sweep_request import SweepRequest
from modelfoundry.zoo.published import list_published

Effort = Literal["fast", "published"]
StepKind = Literal["get-data", "get-model", "train", "estimators", "sweep", "reuse"]
StepRequest = TrainRequest | EstimatorsRequest | SweepRequest | MoreAccurateRequest

NUM_ESTIMATORS = 10  # as published
FEWEST_ESTIMATORS = 2
JOINT_ALGORITHM = "gradsplitter"


@dataclass(frozen=True)
class NextStep:
    """One step towards a row.

    Attributes:
        kind: What is done next; ``get-data`` and ``get-model`` only the command does.
        command: That does it in a terminal.
        request: What to send to the API; None for what is fetched from elsewhere.
    """

    kind: StepKind
    command: str
    request: StepRequest | None = None


def next_step(
    row: PublishedRow, dataset: DatasetCard, models: Sequence[ModelCard], modules: Iterable[Module]
) -> NextStep:
    """Find out what a row lacks here; where it lacks nothing, the step is to run it."""
    if dataset.num_train == 0:
        return NextStep("get-data", dataset.how_to_get)
    fitting = [
        model
        for model in models
        if model.dataset == dataset.name and model.architecture in row.architectures
    ]
    if row.table == "seam":
        return _step_to_modules(row, [model for model in fitting if model.subset is None])
    return _step_to_composition(row, [model for model in fitting if model.subset], modules)


def with_effort(request: StepRequest, effort: Effort) -> StepRequest:
    """Ask for the same with the published settings, or with those that are fast."""
    match request:
        case SweepRequest():
            change: dict[str, object] = {"preset": effort}
        case MoreAccurateRequest():
            change = {"rule": "published" if effort == "published" else "best"}
        case _:
            change = {"published": effort == "published"}
    return request.model_copy(update=change)


def _step_to_modules(row: PublishedRow, models: Sequence[ModelCard]) -> NextStep:
    if models:
        best = max(models, key=lambda model: model.test_accuracy or 0)
        wanted: dict[str, Any] = {"models": (best.name,), "targets": row.targets}
        return _runnable("sweep", row, SweepRequest.model_validate(wanted))
    weights = [
        each.name
        for each in list_published().values()
        if each.dataset == row.dataset and each.architecture in row.architectures
    ]
    if weights:
        return NextStep("get-model", f"modelfoundry models get {weights[0]}")
    name = f"{row.architectures[0]}-{row.dataset}"
    request = TrainRequest(name=name, architecture=row.architectures[0], dataset=row.dataset)
    return _runnable("train", row, request)


def _step_to_composition(
    row: PublishedRow, estimators: Sequence[ModelCard], modules: Iterable[Module]
) -> NextStep:
    if len(estimators) < FEWEST_ESTIMATORS:
        wanted = EstimatorsRequest(
            architectures=row.architectures,
            dataset=row.dataset,
            subset_seeds=tuple(range(NUM_ESTIMATORS)),
        )
        return _runnable("estimators", row, wanted)
    cut = {
        module.manifest.model.name
        for module in modules
        if module.manifest.algorithm == JOINT_ALGORITHM
    }
    names = [model.name for model in estimators]
    if uncut := tuple(name for name in names if name not in cut):
        each = SweepRequest(models=uncut, targets=(Target(kind="each"),), algorithm=JOINT_ALGORITHM)
        return _runnable("sweep", row, each)
    pool = Pool(models=tuple(names))
    return _runnable("reuse", row, MoreAccurateRequest(method="more-accurate", pool=pool))


def _runnable(kind: StepKind, row: PublishedRow, request: StepRequest) -> NextStep:
    return NextStep(kind, f"modelfoundry benchmark run {row.name}", request)

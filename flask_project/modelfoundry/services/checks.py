"""What every check before a job has in common."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.errors import Fault, UnknownNameError
from modelfoundry.pipelines.backdoor_requests import BackdoorPlan
from modelfoundry.pipelines.requests import EvaluatePlan, JobKind, ModularizePlan
from modelfoundry.pipelines.reuse_requests import AnyReusePlan
from modelfoundry.pipelines.robustness_requests import RobustnessPlan
from modelfoundry.pipelines.train_requests import TrainPlan

Found = TypeVar("Found")
Plan_co = TypeVar(
    "Plan_co",
    ModularizePlan,
    TrainPlan,
    EvaluatePlan,
    AnyReusePlan,
    RobustnessPlan,
    BackdoorPlan,
    covariant=True,
)


@dataclass(frozen=True)
class CheckedPlan(Generic[Plan_co]):
    """A plan that can be carried out.

    Attributes:
        title: What the job is called.
        notes: What a person should know before starting it.
    """

    kind: JobKind
    plan: Plan_co
    title: str
    notes: list[str] = field(default_factory=list)


def look_up(faults: list[Fault], pointer: str, find: Callable[[], Found]) -> Found | None:
    """Find something by name; where there is none, add a fault instead."""
    try:
        return find()
    except UnknownNameError as error:
        faults.append(Fault(pointer, str(error)))
        return None


def missing_data_faults(dataset: DatasetCard, pointer: str) -> Iterator[Fault]:
    """Point out that a data set is known but not on disk, with the command that gets it."""
    if not dataset.num_train:
        yield Fault(
            pointer,
            f"the data set {dataset.name} is not on this machine; get it with: "
            f"{dataset.how_to_get}",
        )


def mismatch_faults(model: ModelCard, dataset: DatasetCard, pointer: str) -> Iterator[Fault]:
    """Point out that a model does not fit a data set: other classes or another shape of image."""
    if len(model.classes) != len(dataset.classes):
        yield Fault(
            pointer,
            f"{model.name} knows {len(model.classes)} classes, {dataset.name} has "
            f"{len(dataset.classes)}; choose a data set with the model's classes",
        )
    elif model.classes != dataset.classes:
        at, known, given = next(
            (at, known, given)
            for at, (known, given) in enumerate(zip(model.classes, dataset.classes, strict=True))
            if known != given
        )
        yield Fault(
            pointer,
            f"the classes of {model.name} are not those of {dataset.name}: number {at} is "
            f"{known!r} to the model and {given!r} in the data set; choose a data set with the "
            "model's classes in their order",
        )
    if model.input_shape != dataset.input_shape:
        yield Fault(
            pointer,
            f"{model.name} takes images of shape {model.input_shape}, {dataset.name} has "
            f"{dataset.input_shape}; choose a data set with the model's shape",
        )

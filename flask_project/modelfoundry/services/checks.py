"""What every check before a job has in common, and the check of a training."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from modelfoundry.cards import ArchitectureCard, DatasetCard, ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.pipelines.requests import EvaluatePlan, JobKind, ModularizePlan, TrainRequest
from modelfoundry.pipelines.reuse_requests import AnyReusePlan
from modelfoundry.settings import Home
from modelfoundry.zoo.store import check_new_model_name

Found = TypeVar("Found")
Plan_co = TypeVar(
    "Plan_co", ModularizePlan, TrainRequest, EvaluatePlan, AnyReusePlan, covariant=True
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


def check_train(home: Home, request: TrainRequest) -> CheckedPlan[TrainRequest]:
    """Check that a network can be trained as asked.

    Raises:
        InvalidInputError: With all faults at once.
    """
    faults: list[Fault] = []
    try:
        check_new_model_name(home, request.name)
    except InvalidInputError as error:
        faults += error.faults
    find = partial(find_architecture, request.architecture)
    architecture = look_up(faults, "/architecture", find)
    dataset = look_up(faults, "/dataset", lambda: find_dataset(home, request.dataset))
    if dataset is not None:
        faults += missing_data_faults(dataset, "/dataset")
    if architecture and dataset and not architecture.takes(dataset.input_shape):
        faults.append(Fault("/architecture", _size_message(architecture, dataset)))
    if faults:
        raise InvalidInputError(faults)
    return CheckedPlan("train", request, f"Train {request.name}")


def _size_message(architecture: ArchitectureCard, dataset: DatasetCard) -> str:
    side = architecture.smallest_side
    taken = f"of {side}x{side} and more" if side else f"of shape {architecture.input_shape} only"
    return (
        f"{architecture.name} takes images {taken}, {dataset.name} has {dataset.input_shape}; "
        "import the data set with another --size, or choose a network that takes it, such as "
        "torchvision/resnet18"
    )

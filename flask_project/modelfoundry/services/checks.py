"""What every check before a job has in common, and the two short checks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.pipelines.requests import EvaluateRequest, JobKind, ModularizePlan, TrainRequest
from modelfoundry.settings import Home
from modelfoundry.zoo.store import check_new_model_name

Found = TypeVar("Found")
Plan_co = TypeVar("Plan_co", ModularizePlan, TrainRequest, EvaluateRequest, covariant=True)


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
    look_up(faults, "/architecture", lambda: find_architecture(request.architecture))
    dataset = look_up(faults, "/dataset", lambda: find_dataset(home, request.dataset))
    if dataset is not None:
        faults += missing_data_faults(dataset, "/dataset")
    if faults:
        raise InvalidInputError(faults)
    return CheckedPlan("train", request, f"Train {request.name}")


def check_evaluate(home: Home, request: EvaluateRequest) -> CheckedPlan[EvaluateRequest]:
    """Check that a model can be measured as asked.

    Raises:
        InvalidInputError: With all faults at once.
    """
    faults: list[Fault] = []
    model = look_up(faults, "/model", lambda: find_model(home, request.model))
    name = request.dataset or (model.dataset if model else None)
    dataset = look_up(faults, "/dataset", lambda: find_dataset(home, name)) if name else None
    if dataset is not None:
        faults += missing_data_faults(dataset, "/dataset")
    if model and dataset and len(dataset.classes) != len(model.classes):
        message = (
            f"{model.name} knows {len(model.classes)} classes, {dataset.name} has "
            f"{len(dataset.classes)}; choose a data set with the model's classes"
        )
        faults.append(Fault("/dataset", message))
    if faults or model is None or dataset is None:
        raise InvalidInputError(faults)
    plan = EvaluateRequest(model=model.name, dataset=dataset.name)
    return CheckedPlan("evaluate", plan, f"Evaluate {model.name} on {dataset.title}")

"""Check a request to evaluate, and make a plan of it with nothing left open."""

from collections.abc import Iterator
from dataclasses import dataclass

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.catalog.modules import find_module
from modelfoundry.errors import Fault, InvalidInputError
from modelfoundry.pipelines.requests import EvaluatePlan, EvaluateRequest
from modelfoundry.services.checks import CheckedPlan, look_up, missing_data_faults
from modelfoundry.settings import Home


@dataclass(frozen=True)
class _Subject:
    """What is to be measured, and what it needs of a data set.

    Attributes:
        dataset: Where it comes from.
        input_shape: Of a data set's images; those that a module was fine-tuned to may be scaled.
        needed: Classes that a data set must have.
        known: The only classes that a data set may have; None if others do no harm.
    """

    title: str
    dataset: str
    input_shape: tuple[int, ...]
    needed: tuple[str, ...]
    known: tuple[str, ...] | None


def check_evaluate(home: Home, request: EvaluateRequest) -> CheckedPlan[EvaluatePlan]:
    """Check that a model or module can be measured as asked.

    Raises:
        InvalidInputError: With all faults at once.
    """
    faults: list[Fault] = []
    subject = None
    if (request.model is None) == (request.module is None):
        faults.append(Fault("/model", "name either a model or a module to evaluate"))
    elif request.model is not None:
        name = request.model
        subject = look_up(faults, "/model", lambda: _model(home, name))
    elif request.module is not None:
        module_id = request.module
        subject = look_up(faults, "/module", lambda: _module(home, module_id))
    wanted = request.dataset or (subject.dataset if subject else None)
    dataset = look_up(faults, "/dataset", lambda: find_dataset(home, wanted)) if wanted else None
    if dataset is not None:
        faults += missing_data_faults(dataset, "/dataset")
    if subject is not None and dataset is not None:
        faults += _misfits(subject, dataset)
    if faults or subject is None or dataset is None:
        raise InvalidInputError(faults)
    plan = EvaluatePlan(model=request.model, module=request.module, dataset=dataset.name)
    return CheckedPlan("evaluate", plan, f"Evaluate {subject.title} on {dataset.title}")


def _model(home: Home, name: str) -> _Subject:
    card = find_model(home, name)
    return _Subject(card.title, card.dataset, card.input_shape, needed=(), known=card.classes)


def _module(home: Home, module_id: str) -> _Subject:
    manifest = find_module(home, module_id)
    sources = manifest["dataset"]["name"].split("+")
    if len(sources) > 1:
        raise InvalidInputError.of(
            "/module",
            f"{module_id} tells classes of {' and '.join(sources)} apart, and an evaluation reads "
            "one data set; what it reaches on test images of all of them is among its measures",
        )
    finetuning = manifest["finetuning"] or {}
    return _Subject(
        title=f"{manifest['title']} of {manifest['model']['title']}",
        dataset=manifest["dataset"]["name"],
        input_shape=tuple(finetuning.get("resized_from") or manifest["input"]["shape"][1:]),
        needed=tuple(manifest["target"]["classes"]),
        known=None,
    )


def _misfits(subject: _Subject, dataset: DatasetCard) -> Iterator[Fault]:
    if subject.input_shape != dataset.input_shape:
        yield Fault(
            "/dataset",
            f"{subject.title} takes images of {_by(subject.input_shape)}, {dataset.name} has "
            f"{_by(dataset.input_shape)}; choose a data set of that shape",
        )
    missing = [name for name in subject.needed if name not in dataset.classes]
    if missing:
        yield Fault(
            "/dataset",
            f"{dataset.name} has no class {_listed(missing)}, which {subject.title} is about; "
            "choose a data set that has it",
        )
    unknown = [name for name in dataset.classes if name not in (subject.known or dataset.classes)]
    if unknown:
        yield Fault(
            "/dataset",
            f"{subject.title} does not know the class {_listed(unknown)} of {dataset.name}; "
            "choose a data set whose classes it knows",
        )


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in shape)


def _listed(names: list[str]) -> str:
    more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    return f"{names[0]!r}{more}"

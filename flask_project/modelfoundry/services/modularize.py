"""Check a request to modularize, and make a plan of it with nothing left open."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError

from modelfoundry.cards import AlgorithmCard, ModelCard, load_entry_point
from modelfoundry.catalog.algorithms import find_algorithm, presets_for
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.pipelines.requests import ModularizePlan, ModularizeRequest, Target, TargetKind
from modelfoundry.services.checks import CheckedPlan, look_up, missing_data_faults
from modelfoundry.services.faults import faults_of
from modelfoundry.settings import Home


def check_modularize(home: Home, request: ModularizeRequest) -> CheckedPlan[ModularizePlan]:
    """Make every choice that the request leaves open, and look for everything that is wrong.

    Raises:
        InvalidInputError: With all faults at once, each pointing into the request.
    """
    faults: list[Fault] = []
    model = look_up(faults, "/model", lambda: find_model(home, request.model))
    algorithm = look_up(faults, "/algorithm", lambda: find_algorithm(request.algorithm))
    kind = request.target.kind or ("binary" if len(request.target.classes) == 1 else "multi-class")
    settings: dict[str, JsonValue] = {}
    preset = ""
    if model is not None:
        faults += _dataset_faults(home, model)
        faults += _target_faults(request.target.classes, kind, model)
    if algorithm is not None:
        faults += _kind_faults(kind, algorithm)
    if model is not None and algorithm is not None:
        preset, settings = _settings(
            faults, request, presets_for(home, algorithm, model, kind), algorithm
        )
    if faults or model is None or algorithm is None:
        raise InvalidInputError(faults)
    plan = ModularizePlan(
        model=model.name,
        dataset=model.dataset,
        target=Target(kind=kind, classes=request.target.classes),
        algorithm=algorithm.name,
        preset=preset,
        settings=settings,
    )
    title = f"{', '.join(plan.target.classes)} from {model.title}"
    return CheckedPlan("modularize", plan, title, _notes(home, model, plan))


def _dataset_faults(home: Home, model: ModelCard) -> Iterable[Fault]:
    try:
        return missing_data_faults(find_dataset(home, model.dataset), "/model")
    except UnknownNameError as error:
        message = f"{model.name} was trained on a data set that is not here: {error}"
        return [Fault("/model", message)]


def _target_faults(classes: tuple[str, ...], kind: TargetKind, model: ModelCard) -> Iterator[Fault]:
    for at, name in enumerate(classes):
        pointer = f"/target/classes/{at}"
        if name not in model.classes:
            unknown = UnknownNameError(f"class of {model.name}", name, model.classes)
            yield Fault(pointer, str(unknown))
        elif name in classes[:at]:
            yield Fault(pointer, f"class {name!r} is named more than once; once is enough")
    distinct = set(classes) & set(model.classes)
    if kind == "binary" and len(classes) > 1:
        yield Fault(
            "/target/kind",
            f"a binary target is one class against the rest, but {len(classes)} are named; "
            "name one, or make it multi-class",
        )
    if kind == "multi-class" and len(classes) == 1:
        yield Fault(
            "/target/classes",
            "a multi-class target needs at least two classes; name more, or make it binary",
        )
    if len(distinct) == len(model.classes):
        yield Fault(
            "/target/classes",
            f"these are all {len(model.classes)} classes of {model.name}, so nothing could be "
            "left out; name fewer",
        )


def _kind_faults(kind: TargetKind, algorithm: AlgorithmCard) -> Iterator[Fault]:
    if kind not in algorithm.target_kinds:
        offered = " and ".join(algorithm.target_kinds)
        yield Fault("/target/kind", f"{algorithm.name} solves {offered} targets, not {kind}")


def _settings(
    faults: list[Fault],
    request: ModularizeRequest,
    offered: list[Any],
    algorithm: AlgorithmCard,
) -> tuple[str, dict[str, JsonValue]]:
    """Apply single settings on top of the preset; add a fault for each that is wrong."""
    config: type[BaseModel] = load_entry_point(algorithm.config)
    presets: dict[str, Any] = {preset.name: preset for preset in offered}
    name = request.preset or next(iter(presets))
    if name not in presets:
        known = UnknownNameError(f"preset of {algorithm.name}", name, presets)
        faults.append(Fault("/preset", str(known)))
        name = next(iter(presets))
    start: dict[str, JsonValue] = presets[name].config.model_dump()
    try:
        settings = config.model_validate(start | request.settings)
    except ValidationError as error:
        faults += faults_of(error, under="/settings", known=config.model_fields)
        return name, {}
    return name, settings.model_dump(mode="json")


def _notes(home: Home, model: ModelCard, plan: ModularizePlan) -> list[str]:
    dataset = find_dataset(home, plan.dataset)
    # A binary target gets as many images of other classes as of its own.
    share = max(2, len(plan.target.classes)) / len(model.classes)
    train, test = (round(n * share) for n in (dataset.num_train, dataset.num_test))
    return [
        f"About {train:,} images of {dataset.title} to search with, of which a part is held out "
        f"to choose the epoch, and about {test:,} to measure with."
    ]

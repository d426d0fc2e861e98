"""Check a request to modularize, and make a plan of it with nothing left open."""

from collections.abc import Iterator
from math import prod
from typing import Any, cast

from pydantic import BaseModel, JsonValue, ValidationError

from modelfoundry.cards import AlgorithmCard, DatasetCard, ModelCard, load_entry_point
from modelfoundry.catalog.algorithms import count_target_images, find_algorithm, presets_for
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.pipelines.requests import (
    ModularizePlan,
    ModularizeRequest,
    PlannedTarget,
    TargetKind,
)
from modelfoundry.services.checks import (
    CheckedPlan,
    look_up,
    mismatch_faults,
    missing_data_faults,
)
from modelfoundry.services.each_targets import resolve_each
from modelfoundry.services.faults import faults_of
from modelfoundry.services.targets import image_faults, kind_faults, resolve_classes
from modelfoundry.settings import Home

WORTH_NOTING_BYTES = 10**9


def check_modularize(home: Home, request: ModularizeRequest) -> CheckedPlan[ModularizePlan]:
    """Make every choice that the request leaves open, and look for everything that is wrong.

    Raises:
        InvalidInputError: With all faults at once, each pointing into the request.
    """
    faults: list[Fault] = []
    model = look_up(faults, "/model", lambda: find_model(home, request.model))
    algorithm = look_up(faults, "/algorithm", lambda: find_algorithm(request.algorithm))
    dataset = _dataset_of(faults, home, model) if model else None
    classes: tuple[str, ...] = ()
    kind = request.target.kind or _only_kind(algorithm)
    if model is not None and kind == "each":
        classes = resolve_each(faults, request.target, model, dataset)
    elif model is not None:
        classes = resolve_classes(faults, request.target, model, dataset)
        kind = kind or ("binary" if len(classes) == 1 else "multi-class")
        if classes:
            faults += kind_faults(request.target, classes, kind, model)
    if algorithm is not None and kind is not None:
        faults += _offer_faults(kind, algorithm)
    preset = ""
    settings: dict[str, JsonValue] = {}
    if model is not None and algorithm is not None and kind is not None:
        offered = presets_for(
            home,
            algorithm,
            model,
            kind,
            num_classes=len(classes) or None,
            shots=request.target.shots,
        )
        preset, settings = _settings(faults, request, offered, algorithm)
    if (
        dataset is not None
        and settings
        and kind is not None
        and set(classes) <= set(dataset.classes)
    ):
        fraction = cast("float", settings["validation_fraction"])
        faults += image_faults(request.target, classes, kind, dataset, validation_fraction=fraction)
    if faults or model is None or algorithm is None or dataset is None:
        raise InvalidInputError(faults)
    target = PlannedTarget.model_validate(
        request.target.model_dump() | {"kind": kind, "classes": classes}
    )
    plan = ModularizePlan(
        model=model.name,
        dataset=dataset.name,
        target=target,
        algorithm=algorithm.name,
        preset=preset,
        settings=settings,
        exports=request.exports,
    )
    title = f"{target.title} from {model.title}"
    return CheckedPlan("modularize", plan, title, _notes(dataset, target))


def _dataset_of(faults: list[Fault], home: Home, model: ModelCard) -> DatasetCard | None:
    """Find the data set whose images a search on the model needs."""
    try:
        dataset = find_dataset(home, model.dataset)
    except UnknownNameError as error:
        message = f"{model.name} was trained on a data set that is not here: {error}"
        faults.append(Fault("/model", message))
        return None
    faults += missing_data_faults(dataset, "/model")
    faults += mismatch_faults(model, dataset, "/model")
    return dataset


def _only_kind(algorithm: AlgorithmCard | None) -> TargetKind | None:
    """Tell the kind of target that an algorithm solves, if it is only one."""
    kinds = algorithm.target_kinds if algorithm else ()
    return cast("TargetKind", kinds[0]) if len(kinds) == 1 else None


def _offer_faults(kind: TargetKind, algorithm: AlgorithmCard) -> Iterator[Fault]:
    if kind not in algorithm.target_kinds:
        offered = " or ".join(algorithm.target_kinds)
        yield Fault(
            "/target/kind",
            f"{algorithm.name} solves no target of the kind {kind}; choose {offered}, or another "
            "algorithm",
        )


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
        faults += faults_of(error, under="/settings", model=config)
        return name, {}
    return name, settings.model_dump(mode="json")


def _notes(dataset: DatasetCard, target: PlannedTarget) -> list[str]:
    train = count_target_images(dataset, target.kind, len(target.classes))
    test = round(dataset.num_test * train / dataset.num_train)
    notes = [
        f"About {train:,} images of {dataset.title} to search with, of which a part is held out "
        f"to choose the epoch, and about {test:,} to measure with."
    ]
    size_bytes = (train + test) * prod(dataset.input_shape)
    if size_bytes > WORTH_NOTING_BYTES:
        notes.append(f"They take more than {size_bytes / 1e9:.1f} GB while the job runs.")
    if target.shots is not None:
        notes.append(f"The search learns from {target.shots} images per output.")
    if target.random is not None:
        notes.append(f"Drawn: {', '.join(target.classes)}.")
    return notes

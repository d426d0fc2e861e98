"""Check a request to fine-tune, and make a plan of it with nothing left open."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from modelfoundry.algorithms.finetune.config import FinetuneSettings, How, presets
from modelfoundry.algorithms.preset import Preset
from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.errors import Fault, InvalidInputError, quoted
from modelfoundry.evaluation.attack_settings import AttackSettings, clip_range
from modelfoundry.pipelines.finetune_requests import FinetunePlan, FinetuneRequest
from modelfoundry.pipelines.reuse_requests import AnyReusePlan
from modelfoundry.services.checks import CheckedPlan, look_up, missing_data_faults
from modelfoundry.services.faults import faults_of
from modelfoundry.settings import Home

FEWEST_CLASSES = 2
FEWEST_OF_A_CLASS = 2  # one to learn from, one held out
TITLES: dict[How, str] = {
    "seam": "Fine-tune {model} to {dataset} from the weights it needs",
    "standard": "Fine-tune {model} to {dataset} from all weights",
    "scratch": "Train the network of {model} on {dataset} from scratch",
}


@dataclass(frozen=True)
class FinetuneOffer:
    """What a fine-tuning can be told, and the presets that fit a data set."""

    settings_schema: dict[str, Any]
    presets: list[Preset[FinetuneSettings]]


def finetune_offer(home: Home, dataset: str | None) -> FinetuneOffer:
    """List the settings of fine-tuning; presets depend on the data set, without one there are none.

    Raises:
        UnknownNameError: There is no such data set.
    """
    fitting = presets(find_dataset(home, dataset)) if dataset else []
    return FinetuneOffer(FinetuneSettings.model_json_schema(), fitting)


def check_finetune(home: Home, request: FinetuneRequest) -> CheckedPlan[AnyReusePlan]:
    """Make every choice that the request leaves open, and look for everything that is wrong.

    Raises:
        InvalidInputError: With all faults at once.
    """
    faults: list[Fault] = []
    model = look_up(faults, "/model", lambda: find_model(home, request.model))
    dataset = look_up(faults, "/dataset", lambda: find_dataset(home, request.dataset))
    if model is not None and request.attack is not None:
        faults += _attack_faults(request.attack, model)
    preset, settings = "", None
    if dataset is not None:
        faults += missing_data_faults(dataset, "/dataset")
        faults += _class_faults(dataset)
        preset, settings = _settings(request, dataset, faults)
    if faults or model is None or dataset is None or settings is None:
        raise InvalidInputError(faults)
    plan = FinetunePlan(
        method=request.method,
        model=model.name,
        dataset=dataset.name,
        how=request.how,
        preset=preset,
        config=settings,
        seed=request.seed,
        attack=request.attack,
    )
    title = TITLES[request.how].format(model=model.title, dataset=dataset.title)
    notes = list(_notes(plan, model, dataset))
    return CheckedPlan("reuse", AnyReusePlan(plan), title, notes)


def _settings(
    request: FinetuneRequest, dataset: DatasetCard, faults: list[Fault]
) -> tuple[str, FinetuneSettings | None]:
    offered = {preset.name: preset for preset in presets(dataset)}
    name = request.preset or next(iter(offered))
    if name not in offered:
        message = f"there is no preset {quoted(name)}; known: {', '.join(offered)}"
        faults.append(Fault("/preset", message))
        return name, None
    given: dict[str, Any] = offered[name].config.model_dump() | request.config
    try:
        return name, FinetuneSettings.model_validate(given)
    except ValidationError as error:
        faults += faults_of(error, under="/config", model=FinetuneSettings)
        return name, None


def _class_faults(dataset: DatasetCard) -> Iterator[Fault]:
    if len(dataset.classes) < FEWEST_CLASSES:
        yield Fault(
            "/dataset",
            f"{dataset.name} has one class, {', '.join(dataset.classes)}, so there is nothing to "
            "tell apart; choose a data set with two classes or more",
        )
    if dataset.num_train_by_class and max(dataset.num_train_by_class) < FEWEST_OF_A_CLASS:
        yield Fault(
            "/dataset",
            f"{dataset.name} has no class with more than one training image, so that none can be "
            "held out to choose epochs; add images to it",
        )


def _attack_faults(attack: AttackSettings, model: ModelCard) -> list[Fault]:
    try:
        clip_range(attack, model.mean, model.std)
    except InvalidInputError as error:
        return [Fault(f"/attack{fault.pointer}", fault.message) for fault in error.faults]
    return []


def _notes(plan: FinetunePlan, model: ModelCard, dataset: DatasetCard) -> Iterator[str]:
    settings = plan.config
    if dataset.input_shape != model.input_shape:
        yield (
            f"Images are scaled from {_by(dataset.input_shape)} to the {_by(model.input_shape)} "
            "that the model takes."
        )
    if plan.how == "seam":
        yield (
            f"At most {settings.output_epochs} epochs for the output layer, "
            f"{settings.mask_epochs} to remove {settings.prune_threshold:.0%} of the weights, "
            f"{settings.finetune_epochs} to fine-tune the rest."
        )
    else:
        yield (
            f"At most {settings.output_epochs} epochs for an output layer to compare with, "
            f"{settings.finetune_epochs} for the network."
        )
    yield (
        f"{settings.validation_fraction:.0%} of the training images are held out and choose the "
        "epochs; the test images are read once, at the end."
    )
    if plan.attack is None:
        yield "Inherited defects are not measured."


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))

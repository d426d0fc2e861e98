"""Check that a module can be attacked as asked, and list what attacks have found."""

from collections.abc import Iterator
from typing import Any

from modelfoundry.cards import ModelCard
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.catalog.modules import find_module
from modelfoundry.errors import Fault, InvalidInputError, UnknownNameError
from modelfoundry.evaluation.attack_settings import AttackSettings, clip_range
from modelfoundry.evaluation.robustness_store import Robustness, list_robustness
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.pipelines.robustness_requests import (
    CoverageAttack,
    InheritedAttack,
    RobustnessPlan,
    RobustnessRequest,
    TriggerAttack,
)
from modelfoundry.services.checks import CheckedPlan, look_up, missing_data_faults
from modelfoundry.settings import Home

TITLES = {
    "inherited": "Inherited defects",
    "coverage": "Defects found by waking neurons",
    "trigger": "Success of a planted backdoor",
    "pgd": "Accuracy under attack",
    "autoattack": "Accuracy under AutoAttack",
}


OnOrigin = InheritedAttack | CoverageAttack | TriggerAttack
"""Attacks that know the pre-trained network alone."""


class RobustnessService:
    """The use cases around attacks on modules."""

    def __init__(self, home: Home, modules: ModuleStore) -> None:
        self._home = home
        self._modules = modules

    def of(self, module_id: str) -> list[Robustness]:
        """List what attacks have found of a module; raises ``UnknownNameError``."""
        return list_robustness(self._home, self._modules.get(module_id).id)


def check_robustness(home: Home, request: RobustnessRequest) -> CheckedPlan[RobustnessPlan]:
    """Check that a module can be attacked as asked.

    Raises:
        UnknownNameError: There is no such module.
        InvalidInputError: With all faults at once.
    """
    manifest = find_module(home, request.module)
    faults: list[Fault] = []
    name = str(manifest["dataset"]["name"])
    dataset = look_up(faults, "/module", lambda: find_dataset(home, name))
    if dataset is not None:
        faults += missing_data_faults(dataset, "/module")
    if isinstance(request.attack, OnOrigin):
        faults += _origin_faults(home, manifest, request.attack)
    if faults or dataset is None:
        raise InvalidInputError(faults)
    plan = RobustnessPlan(
        module=request.module,
        model=manifest["model"]["name"],
        dataset=dataset.name,
        attack=request.attack,
    )
    title = f"{TITLES[request.attack.attack]} of {manifest['title']}"
    return CheckedPlan("robustness", plan, title)


def _origin_faults(home: Home, manifest: dict[str, Any], asked: OnOrigin) -> Iterator[Fault]:
    """Point out why nothing can have come from the pre-trained network, or cannot be looked for."""
    model = manifest["model"]
    if manifest["algorithm"] != "finetune":
        yield Fault(
            "/attack",
            f"{manifest['id']} was made by {manifest['algorithm']}, not by fine-tuning: it "
            f"answers about the data of {model['name']} itself, so nothing is inherited to "
            "another problem; ask for the attack pgd, or fine-tune with: modelfoundry finetune",
        )
        return
    try:
        card = find_model(home, model["name"])
    except UnknownNameError as error:
        yield Fault("/module", f"the network it was made from is no longer here: {error}")
        return
    if card.weights_sha256 != model["weights_sha256"]:
        yield Fault(
            "/module",
            f"{card.name} has other weights now than when {manifest['id']} was made from it; "
            "fine-tune again, or bring the earlier weights back",
        )
    elif isinstance(asked, TriggerAttack):
        yield from _backdoor_faults(card)
    elif isinstance(asked, InheritedAttack):
        yield from _clip_faults(asked.settings, card)


def _clip_faults(settings: AttackSettings, card: ModelCard) -> Iterator[Fault]:
    try:
        clip_range(settings, card.mean, card.std)
    except InvalidInputError as error:
        for fault in error.faults:
            yield Fault(f"/settings{fault.pointer}", fault.message)


def _backdoor_faults(card: ModelCard) -> Iterator[Fault]:
    if card.backdoor is None:
        yield Fault(
            "/attack",
            f"no backdoor was planted in {card.name}; plant one in a copy with: modelfoundry "
            f"backdoor {card.name} --name NAME --target-class CLASS, and fine-tune that",
        )

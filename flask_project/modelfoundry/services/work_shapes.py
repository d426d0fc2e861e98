"""What decides how long some work takes and how much room it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelfoundry.cards import load_entry_point
from modelfoundry.catalog.algorithms import find_algorithm
from modelfoundry.catalog.models import list_models
from modelfoundry.export.manifest import read_manifest
from modelfoundry.pipelines.backdoor_requests import BackdoorPlan
from modelfoundry.pipelines.finetune_requests import FinetunePlan
from modelfoundry.pipelines.requests import EvaluatePlan, ModularizePlan
from modelfoundry.pipelines.reuse_requests import (
    AnyReusePlan,
    EveryPairPlan,
    MoreAccuratePlan,
    NewTaskPlan,
    PatchPlan,
    ReusePlan,
)
from modelfoundry.pipelines.robustness_requests import (
    AutoAttack,
    CoverageAttack,
    InheritedAttack,
    PgdAttack,
    RobustnessPlan,
    TriggerAttack,
)
from modelfoundry.pipelines.train_requests import TrainPlan
from modelfoundry.settings import Home

AnyPlan = ModularizePlan | TrainPlan | EvaluatePlan | AnyReusePlan | RobustnessPlan | BackdoorPlan

BYTES_OF_A_PARAMETER = 4
FILES_OF_A_MODULE = 3  # each at most as large as the weights of its model
CHECKPOINT = 3  # times the weights: themselves and two moments of the optimizer
REPORT_BYTES = 2**20  # figures, and a few images as examples


@dataclass(frozen=True)
class Shape:
    """The length of some work: in proportion to ``units``, at a pace that ``alike`` shares.

    Attributes:
        alike: What work of the same pace has in common.
        units: Epochs, steps of an attack, or modules to choose among.
    """

    alike: tuple[str, ...]
    units: int


def shape_of(plan: AnyPlan) -> Shape:
    """Tell what decides how long a plan takes, whatever its other settings are."""
    alike: tuple[str, ...]
    match plan:
        case RobustnessPlan():
            return _shape_of_attack(plan)
        case AnyReusePlan():
            return _shape_of_reuse(plan.root)
        case ModularizePlan():
            config = load_entry_point(find_algorithm(plan.algorithm).config)
            epochs = config.model_validate(plan.settings).total_epochs
            alike, units = (plan.model, plan.algorithm), epochs
        case TrainPlan():
            alike, units = (plan.architecture, plan.dataset), plan.epochs
        case EvaluatePlan():
            alike, units = (plan.model or "a module", plan.dataset), 1
        case BackdoorPlan():
            alike, units = (plan.model,), plan.settings.epochs
    return Shape(alike, units)


def pool_of(plan: AnyPlan) -> tuple[str, ...]:
    """List the ids of the modules that a plan chooses from; none where it does not choose any."""
    if not isinstance(plan, AnyReusePlan) or isinstance(plan.root, FinetunePlan):
        return ()
    return plan.root.pool


def disk_bytes(home: Home, plans: Sequence[AnyPlan]) -> int | None:
    """Tell how much room plans take at most, checkpoints included.

    Returns:
        None where the size of a network is unknown.
    """
    models = list_models(home)
    sizes = {model.architecture: model.num_parameters for model in models}
    sizes |= {model.name: model.num_parameters for model in models}
    total = 0
    for plan in plans:
        network, copies, more = _room_for(home, plan)
        if network is not None and network not in sizes:
            return None
        total += more + copies * BYTES_OF_A_PARAMETER * (sizes[network] if network else 0)
    return total


def _shape_of_attack(plan: RobustnessPlan) -> Shape:
    match plan.attack:
        case InheritedAttack(settings=settings) | CoverageAttack(settings=settings):
            steps = settings.steps
        case PgdAttack(settings=settings) | AutoAttack(settings=settings):
            steps = settings.steps * len(settings.budgets)
        case TriggerAttack():
            steps = 1
    attack = plan.attack
    return Shape((plan.model, plan.dataset, attack.attack, str(attack.settings.images)), steps)


def _shape_of_reuse(plan: ReusePlan) -> Shape:
    match plan:
        case FinetunePlan(config=config):
            mask_epochs = config.mask_epochs if plan.how == "seam" else 0
            epochs = config.output_epochs + mask_epochs + config.finetune_epochs
            return Shape((plan.model, plan.dataset, plan.how), epochs)
        case NewTaskPlan():
            datasets = tuple(sorted({output.dataset for output in plan.outputs}))
            scratch_epochs = plan.scratch.epochs
        case EveryPairPlan():
            datasets, scratch_epochs = plan.datasets, plan.scratch.epochs if plan.scratch else 0
        case MoreAccuratePlan() | PatchPlan():
            datasets, scratch_epochs = (plan.dataset,), 0
    return Shape((plan.method, *datasets, str(scratch_epochs)), len(plan.pool))


def _room_for(home: Home, plan: AnyPlan) -> tuple[str | None, int, int]:
    """Tell a plan's room: copies of a network's weights, and bytes besides.

    Returns:
        The model's name or the architecture, None where no network is written; how many times its
        weights; how many bytes more.
    """
    network: str | None = None
    copies, more = 1, 0
    match plan:
        case ModularizePlan():
            each = plan.target.groups or plan.target.classes
            modules = len(each) if plan.target.kind == "each" else 1
            network, copies = plan.model, FILES_OF_A_MODULE * modules + CHECKPOINT
        case TrainPlan():
            network, copies = plan.architecture, 1 + CHECKPOINT
        case BackdoorPlan():
            network, copies = plan.model, 1 + CHECKPOINT
        case EvaluatePlan():
            network, more = plan.model, REPORT_BYTES
        case RobustnessPlan():
            more = REPORT_BYTES
        case AnyReusePlan(root=FinetunePlan() as finetuning):
            network, copies = finetuning.model, FILES_OF_A_MODULE + CHECKPOINT
        case AnyReusePlan():
            # At most as large as all modules that it can be chosen from.
            more = sum(_size_bytes(home, module) for module in pool_of(plan))
    return network, copies, more


def _size_bytes(home: Home, module_id: str) -> int:
    files = read_manifest(home.modules / module_id)["files"]
    return sum(int(file["size_bytes"]) for file in files)

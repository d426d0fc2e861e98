"""Published tables beside what this installation has reached, and how to reach the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import list_datasets
from modelfoundry.catalog.models import list_models
from modelfoundry.catalog.published_results import (
    PublishedRow,
    PublishedTarget,
    published_results,
)
from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.module_store import Module, ModuleStore
from modelfoundry.services.benchmark_steps import NextStep, next_step
from modelfoundry.settings import Home

RATIO_STEP = 0.001  # retained ratios closer than this count as equal
COMPOSITION = "composition"


@dataclass(frozen=True)
class ReachedTarget:
    """The best module here for one target of a row, on its test images; numbers are 0-1."""

    target: str
    module_id: str
    accuracy: float
    original_accuracy: float
    retained_ratio: float


@dataclass(frozen=True)
class Reached:
    """What this installation has reached of a row: means over the targets that have a module.

    Attributes:
        model: The one whose modules these are: that with modules for most targets.
        num_targets: Targets that have a module; the means are of these alone.
    """

    model: str
    accuracy: float
    original_accuracy: float
    retained_ratio: float
    num_targets: int
    targets: tuple[ReachedTarget, ...]


@dataclass(frozen=True)
class BenchmarkRow:
    """A published row, what was reached of it here, and what brings it further.

    Attributes:
        num_targets: How many targets the row is a mean of.
        reached: None if nothing was.
        published_by_target: By class; empty where only means were published.
    """

    published: PublishedRow
    dataset_title: str
    num_targets: int
    reached: Reached | None
    next_step: NextStep
    published_by_target: dict[str, PublishedTarget]


class BenchmarkService:
    """Lists the rows."""

    def __init__(self, home: Home, modules: ModuleStore) -> None:
        self._home = home
        self._modules = modules

    def rows(self) -> list[BenchmarkRow]:
        """Lay every published row beside what is here."""
        datasets = {card.name: card for card in list_datasets(self._home)}
        models = list_models(self._home)
        modules = self._modules.all()
        return [
            BenchmarkRow(
                published=row,
                dataset_title=datasets[row.dataset].title,
                num_targets=len(_targets(row, datasets[row.dataset])),
                reached=_reached(row, datasets[row.dataset], modules),
                next_step=next_step(row, datasets[row.dataset], models, modules),
                published_by_target=dict(
                    zip(datasets[row.dataset].classes, row.by_target, strict=False)
                ),
            )
            for row in published_results()
        ]

    def row(self, name: str) -> BenchmarkRow:
        """Find a row; raises ``UnknownNameError`` naming the known ones."""
        rows = {row.published.name: row for row in self.rows()}
        if name not in rows:
            raise UnknownNameError("benchmark row", name, rows)
        return rows[name]


def _targets(row: PublishedRow, dataset: DatasetCard) -> list[tuple[str, ...]]:
    """List the classes of every target of a row."""
    match row.targets:
        case "every class":
            return [(name,) for name in dataset.classes]
        case "every group":
            return [group.classes for group in dataset.groups]
        case "all classes together":
            return [dataset.classes]


def _reached(row: PublishedRow, dataset: DatasetCard, modules: Sequence[Module]) -> Reached | None:
    wanted = {frozenset(classes) for classes in _targets(row, dataset)}
    by_id = {module.id: module for module in modules}
    is_of_row = _is_composed if row.table == "more-accurate" else _is_cut
    best: dict[str, dict[frozenset[str], Module]] = {}
    for module in modules:
        target = module.manifest.target
        classes = frozenset(target.classes)
        if classes in wanted and target.shots is None and is_of_row(module, row, by_id):
            of_model = best.setdefault(module.manifest.model.name, {})
            of_model[classes] = max(module, of_model.get(classes, module), key=_merit)
    return max(map(_summary, best.values()), key=_extent, default=None)


def _is_cut(module: Module, row: PublishedRow, _by_id: Mapping[str, Module]) -> bool:
    facts = module.manifest
    return facts.algorithm == row.table and _is_from(module, row)


def _is_composed(module: Module, row: PublishedRow, by_id: Mapping[str, Module]) -> bool:
    """Tell whether a module is a more accurate model, all of it from the row's architecture."""
    facts = module.manifest
    parents = [by_id.get(parent.module) for parent in facts.parents]
    return (
        facts.algorithm == COMPOSITION
        and facts.recipe.settings.get("method") == row.table
        and all(parent is None or _is_from(parent, row) for parent in [module, *parents])
    )


def _is_from(module: Module, row: PublishedRow) -> bool:
    facts = module.manifest
    return facts.dataset.name == row.dataset and facts.model.architecture in row.architectures


def _merit(module: Module) -> tuple[bool, float, float]:
    """Rank modules of one target as an algorithm would: on the validation images alone."""
    both = module.manifest.measures
    accuracy, ratio = both.module.accuracy_validation, both.module.retained_ratio
    if accuracy < both.original.accuracy_validation:
        return False, accuracy - ratio, 0.0
    return True, -round(ratio / RATIO_STEP), accuracy


def _summary(modules: dict[frozenset[str], Module]) -> Reached:
    targets = tuple(sorted(map(_target, modules.values()), key=lambda target: target.target))
    return Reached(
        model=next(iter(modules.values())).manifest.model.name,
        accuracy=_mean(targets, "accuracy"),
        original_accuracy=_mean(targets, "original_accuracy"),
        retained_ratio=_mean(targets, "retained_ratio"),
        num_targets=len(targets),
        targets=targets,
    )


def _target(module: Module) -> ReachedTarget:
    both = module.manifest.measures
    return ReachedTarget(
        target=module.title,
        module_id=module.id,
        accuracy=both.module.accuracy_test,
        original_accuracy=both.original.accuracy_test,
        retained_ratio=both.module.retained_ratio,
    )


def _mean(targets: Sequence[ReachedTarget], name: str) -> float:
    return fmean(getattr(target, name) for target in targets)


def _extent(reached: Reached) -> tuple[int, float]:
    return reached.num_targets, reached.accuracy - reached.retained_ratio

"""Draw the card of a module that exists, and those of all that could be made of a model."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modelfoundry.cards import DatasetCard, ModelCard
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.catalog.models import model_folder
from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.manifest import Manifest
from modelfoundry.jobs.module_store import Module
from modelfoundry.services.cards import Card, Missing
from modelfoundry.settings import Home
from modelfoundry.zoo.store import WEIGHTS_FILE

ONE_IMAGE = "1"
README = "readme"
UNKNOWN = ("", "unknown")


def card_of_module(module: Module, datasets: Mapping[str, DatasetCard]) -> Card:
    """Draw the card of a module that exists; ``datasets`` are those known, by name."""
    facts = module.manifest
    measures, parents = facts.measures, facts.parents
    dataset = datasets.get(facts.dataset.name)
    here = _classes_with_images(dataset) if dataset else frozenset()
    return Card(
        id=module.id,
        title=module.title,
        model=facts.model.name,
        # What several modules are compared with is no part of them.
        model_title=f"{len(parents)} modules" if len(parents) > 1 else facts.model.title,
        family=family_of(facts.model.architecture),
        license=facts.model.license,
        dataset=facts.dataset.name,
        dataset_title=facts.dataset.title,
        algorithm=facts.algorithm,
        kind=facts.target.kind,
        classes=facts.target.classes,
        group=facts.target.group,
        module_id=module.id,
        accuracy=measures.module.accuracy_test,
        original_accuracy=measures.original.accuracy_test,
        retained_ratio=measures.module.retained_ratio,
        parameters=measures.module.parameters,
        macs=measures.module.macs,
        latency_ms=measures.module.latency_ms.get(ONE_IMAGE),
        size_bytes=measures.module.file_size_bytes,
        formats=tuple(sorted(file.format for file in facts.files if file.format != README)),
        created_at=module.created_at,
        has_images=here.issuperset(facts.target.classes),
        undescribed=tuple(_undescribed(facts)),
    )


def _undescribed(facts: Manifest) -> Iterator[str]:
    if facts.model.license in UNKNOWN:
        yield "model_license"
    if facts.dataset.license in UNKNOWN:
        yield "dataset_license"
    if facts.dataset.source in UNKNOWN:
        yield "dataset_source"
    if ONE_IMAGE not in facts.measures.module.latency_ms:
        yield "latency"


def family_of(architecture: str) -> str:
    """Name the family of an architecture; one that is no longer known is a family of its own."""
    try:
        return find_architecture(architecture).family
    except UnknownNameError:
        return architecture


class OnDemand:
    """Draws the cards of what could be made of a model."""

    def __init__(self, home: Home, model: ModelCard, dataset: DatasetCard | None) -> None:
        """Find out what is here; ``dataset`` is None if it is not here and not known either."""
        self._model = model
        self._dataset = dataset
        self._has_weights = (model_folder(home, model.name) / WEIGHTS_FILE).is_file()
        self._classes_here = _classes_with_images(dataset) if dataset else frozenset()
        self._shared = {
            "model": model.name,
            "model_title": model.title,
            "family": family_of(model.architecture),
            "license": model.license,
            "dataset": model.dataset,
            "dataset_title": dataset.title if dataset else model.dataset,
        }

    def of_classes(self, algorithm: str) -> Iterator[Card]:
        """Draw a card for every class against the rest."""
        for name in self._model.classes:
            facts = self._facts(algorithm, (name,))
            yield Card(id=f"{algorithm}:{self._model.name}:{name}", title=name, **facts)

    def of_groups(self, algorithm: str) -> Iterator[Card]:
        """Draw a card for every named group of the data set."""
        for group in self._dataset.groups if self._dataset else ():
            yield Card(
                id=f"{algorithm}:{self._model.name}:group:{group.name}",
                title=group.name,
                group=group.name,
                **self._facts(algorithm, group.classes, kind="multi-class"),
            )

    def of_each_class(self, algorithm: str) -> Iterator[Card]:
        """Draw one card for all modules that a joint search makes."""
        yield Card(
            id=f"{algorithm}:{self._model.name}:each",
            title=f"each of {len(self._model.classes)} classes",
            **self._facts(algorithm, self._model.classes, kind="each"),
        )

    def _facts(
        self, algorithm: str, classes: Sequence[str], *, kind: str = "binary"
    ) -> dict[str, Any]:
        missing, how_to_get = self._missing(classes)
        return self._shared | {
            "algorithm": algorithm,
            "kind": kind,
            "classes": tuple(classes),
            "has_images": missing != "dataset",
            "missing": missing,
            "how_to_get": how_to_get,
        }

    def _missing(self, classes: Sequence[str]) -> tuple[Missing | None, str]:
        if not self._classes_here.issuperset(classes):
            by_hand = f"modelfoundry data import {self._model.dataset} FILES"
            return "dataset", (self._dataset and self._dataset.how_to_get) or by_hand
        if not self._has_weights:
            model, dataset = self._model.name, self._model.dataset
            return "weights", f"modelfoundry models import {model} FILE --dataset {dataset}"
        return None, ""


def _classes_with_images(dataset: DatasetCard) -> frozenset[str]:
    counts = zip(dataset.classes, dataset.num_train_by_class, strict=False)
    return frozenset(name for name, num_images in counts if num_images)

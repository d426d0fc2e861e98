"""What there is to work with and what could be made of it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modelfoundry.cards import AlgorithmCard, ArchitectureCard, ModelCard, load_entry_point
from modelfoundry.catalog.algorithms import ALGORITHMS, presets_for
from modelfoundry.catalog.architectures import search_architectures
from modelfoundry.catalog.datasets import list_datasets
from modelfoundry.catalog.models import find_model, list_models
from modelfoundry.errors import UnknownNameError
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.pipelines.requests import TargetKind
from modelfoundry.services.card_drawing import OnDemand, card_of_module
from modelfoundry.services.card_index import CardIndex
from modelfoundry.services.cards import Card, CardPage, CardQuery
from modelfoundry.services.similar_modules import SimilarModules, similar_modules
from modelfoundry.settings import Home


@dataclass(frozen=True)
class AlgorithmOffer:
    """An algorithm with its settings and the presets that fit a model and a kind of target."""

    card: AlgorithmCard
    settings_schema: dict[str, Any]
    presets: list[Any]


class CatalogService:
    """Lists and searches; keeps the card index until something it shows has changed."""

    def __init__(self, home: Home, modules: ModuleStore) -> None:
        self._home = home
        self._modules = modules
        self._lock = threading.Lock()
        self._index: CardIndex | None = None
        self._index_version: object = None

    def search(self, query: CardQuery) -> CardPage:
        """Find module cards."""
        return self._current_index().search(query)

    def similar(self, module_id: str, *, limit: int) -> SimilarModules:
        """Find the modules that are like another one; raises ``UnknownNameError``."""
        cards = self._current_index().cards
        card = next((each for each in cards if each.module_id == module_id), None)
        if card is None:
            known = [each.module_id for each in cards if each.module_id]
            raise UnknownNameError("module", module_id, known)
        return similar_modules(card, cards, limit=limit)

    def models(self) -> list[ModelCard]:
        """List the trained networks."""
        return list_models(self._home)

    def model(self, name: str) -> ModelCard:
        """Fetch a model's card; raises ``UnknownNameError`` naming the known ones."""
        return find_model(self._home, name)

    def architectures(self, words: str = "") -> list[ArchitectureCard]:
        """List the kinds of network whose name or family contains every word, ours first."""
        return search_architectures(words)

    def algorithms(
        self,
        *,
        model: str | None,
        kind: TargetKind | None,
        num_classes: int | None = None,
        shots: int | None = None,
    ) -> list[AlgorithmOffer]:
        """List the algorithms.

        Presets depend on the model, so there are none without one. They are for the kind of target
        asked for, or for the first that the algorithm solves if it does not solve that kind.

        Args:
            model: Name of the model that presets are for.
            kind: Of the target that they are for.
            num_classes: Of that target; all of the model's if None, or one of a binary target.
            shots: Training images per output of that target; None for all there are.

        Raises:
            UnknownNameError: There is no such model.
        """
        model_card = self.model(model) if model else None
        offers = []
        for card in ALGORITHMS.values():
            schema = load_entry_point(card.config).model_json_schema()
            solved = kind if kind in card.target_kinds else card.target_kinds[0]
            size = {"num_classes": num_classes, "shots": shots}
            presets: list[Any] = []
            if model_card:
                presets = presets_for(self._home, card, model_card, solved, **size)
            offers.append(AlgorithmOffer(card, schema, presets))
        return offers

    def _current_index(self) -> CardIndex:
        version = self._version()
        with self._lock:
            if self._index is None or version != self._index_version:
                self._index = CardIndex(list(self._draw_cards()))
                self._index_version = version
            return self._index

    def _version(self) -> object:
        folders = (self._home.models, self._home.datasets, self._home.groups)
        changed = [folder.stat().st_mtime_ns if folder.exists() else 0 for folder in folders]
        return changed, self._modules.version()

    def _draw_cards(self) -> Iterator[Card]:
        datasets = {card.name: card for card in list_datasets(self._home)}
        for module in self._modules.all():
            yield card_of_module(module, datasets)
        for model in self.models():
            draw = OnDemand(self._home, model, datasets.get(model.dataset))
            for algorithm in ALGORITHMS.values():
                if "binary" in algorithm.target_kinds:
                    yield from draw.of_classes(algorithm.name)
                if "multi-class" in algorithm.target_kinds:
                    yield from draw.of_groups(algorithm.name)
                if "each" in algorithm.target_kinds:
                    yield from draw.of_each_class(algorithm.name)

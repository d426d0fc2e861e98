"""List trained networks and bring new ones here."""

from collections.abc import Sequence
from pathlib import Path

from modelfoundry.cards import ArchitectureCard, ModelCard
from modelfoundry.catalog.architectures import ARCHITECTURES, find_architecture
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model, list_models
from modelfoundry.errors import Fault, InvalidInputError
from modelfoundry.evaluation.results import Evaluation, list_evaluations
from modelfoundry.services.checks import look_up
from modelfoundry.settings import Home
from modelfoundry.zoo.importing import import_model


class ModelService:
    """The use cases around models."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def all(self) -> list[ModelCard]:
        """List every model, embedded or in the home."""
        return list_models(self._home)

    def find(self, name: str) -> ModelCard:
        """Fetch a model's card; raises ``UnknownNameError`` naming the known ones."""
        return find_model(self._home, name)

    def evaluations(self, name: str) -> list[Evaluation]:
        """List what was found of a model, newest first; raises ``UnknownNameError``."""
        return list_evaluations(self._home, "model", self.find(name).name)

    def add(
        self,
        name: str,
        file: Path,
        *,
        dataset: str,
        architecture: str | None = None,
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
        title: str | None = None,
        license: str | None = None,  # noqa: A002 - the word on every card
    ) -> ModelCard:
        """Import weights of a known architecture; which one is found out if not given.

        Raises:
            InvalidInputError: A name is unknown or the weights do not fit; says how.
            UnreadableFileError: The file is truncated, damaged, or holds code.
            StorageError: The disk is full; nothing was left behind.
        """
        faults: list[Fault] = []
        data = look_up(faults, "/dataset", lambda: find_dataset(self._home, dataset))
        candidates = look_up(faults, "/architecture", lambda: _candidates(architecture))
        if data is None or candidates is None:
            raise InvalidInputError(faults)
        return import_model(
            self._home,
            name,
            file,
            dataset=data,
            architectures=candidates,
            mean=mean,
            std=std,
            title=title,
            license=license,
        )


def _candidates(architecture: str | None) -> list[ArchitectureCard]:
    return [find_architecture(architecture)] if architecture else list(ARCHITECTURES.values())

"""List trained networks and bring new ones here."""

import threading
from collections.abc import Sequence
from pathlib import Path

from modelfoundry.cards import ArchitectureCard, ModelCard
from modelfoundry.catalog.architectures import ARCHITECTURES, find_architecture
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model, list_models, model_folder
from modelfoundry.errors import Fault, InvalidInputError, WrongStateError
from modelfoundry.evaluation.results import Evaluation, delete_evaluations, list_evaluations
from modelfoundry.jobs.store import JobStore
from modelfoundry.services.checks import look_up
from modelfoundry.services.in_use import check_unused
from modelfoundry.settings import Home
from modelfoundry.storage import remove_folder
from modelfoundry.zoo.download import fetch
from modelfoundry.zoo.importing import import_model
from modelfoundry.zoo.published import PublishedWeights, find_published, list_published
from modelfoundry.zoo.sandbox import WeightsPreview, preview_checkpoint
from modelfoundry.zoo.store import WEIGHTS_FILE, check_new_model_name

READ_AT_ONCE = 2  # processes that may take 8 GB each


class ModelService:
    """The use cases around models."""

    def __init__(self, home: Home, jobs: JobStore) -> None:
        self._home = home
        self._jobs = jobs
        self._reading = threading.BoundedSemaphore(READ_AT_ONCE)

    def all(self) -> list[ModelCard]:
        """List every model, embedded or in the home."""
        return list_models(self._home)

    def find(self, name: str) -> ModelCard:
        """Fetch a model's card; raises ``UnknownNameError`` naming the known ones."""
        return find_model(self._home, name)

    def evaluations(self, name: str) -> list[Evaluation]:
        """List what was found of a model, newest first; raises ``UnknownNameError``."""
        return list_evaluations(self._home, "model", self.find(name).name)

    def size_bytes(self, name: str) -> int:
        """Tell how large the weights file of a model that exists is."""
        return (model_folder(self._home, name) / WEIGHTS_FILE).stat().st_size

    def is_removable(self, name: str) -> bool:
        """Tell whether a model lies in the data folder, unlike those of the package."""
        return (self._home.models / name).is_dir()

    def delete(self, name: str) -> None:
        """Delete a model and what was found of it; its modules stay.

        Raises:
            UnknownNameError: There is no such model.
            WrongStateError: It came with the package, or an unfinished job needs it.
            StorageError: It cannot be deleted, and is as it was.
        """
        self.find(name)
        if not self.is_removable(name):
            raise WrongStateError(f"{name} came with the package and stays")
        check_unused(self._home, self._jobs, "model", name)
        remove_folder(self._home.models / name)
        delete_evaluations(self._home, "model", name)

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
        with self._reading:
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

    def preview(self, file: Path, *, architecture: str | None = None) -> WeightsPreview:
        """Tell what weights would be imported as; nothing is kept.

        Raises:
            InvalidInputError: The architecture is unknown, or the file holds no weights.
            UnreadableFileError: The file is truncated, damaged, or holds code.
        """
        faults: list[Fault] = []
        candidates = look_up(faults, "/architecture", lambda: _candidates(architecture))
        if candidates is None:
            raise InvalidInputError(faults)
        with self._reading:
            return preview_checkpoint(file, architectures=candidates)

    def published(self, words: str = "") -> list[PublishedWeights]:
        """List the published weights whose name contains every word."""
        return [
            weights
            for name, weights in list_published().items()
            if name == weights.name and all(word in name for word in words.lower().split())
        ]

    def get(self, weights_name: str, *, name: str | None = None) -> ModelCard:
        """Download published weights, check them, and store them as a model.

        A file that lies in the home's ``downloads`` already is taken from there.

        Args:
            weights_name: As listed, or a library's network for its default weights.
            name: Of the new model; made of the name of the weights if absent.

        Raises:
            UnknownNameError: Nobody we know has published such weights.
            InvalidInputError: The name is taken, or the weights do not fit; says how.
            DownloadError: The network failed; says which file to put where instead.
            UnreadableFileError: The file is not the one that was published.
            StorageError: The disk is full; nothing was left behind.
        """
        weights = find_published(weights_name)
        model_name = name or weights.model_name
        check_new_model_name(self._home, model_name)
        file = fetch(
            weights.url,
            self._home.downloads / weights.file_name,
            sha256_start=weights.sha256_start,
        )
        return import_model(
            self._home,
            model_name,
            file,
            dataset=find_dataset(self._home, weights.dataset),
            architectures=[find_architecture(weights.architecture)],
            mean=weights.mean,
            std=weights.std,
            title=weights.name,
            license=weights.license,
            source=weights.url,
        )


def _candidates(architecture: str | None) -> list[ArchitectureCard]:
    return [find_architecture(architecture)] if architecture else list(ARCHITECTURES.values())

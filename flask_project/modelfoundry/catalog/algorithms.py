"""The algorithms this installation offers."""

from typing import Any

from modelfoundry.algorithms.gradsplitter.config import CARD as GRADSPLITTER
from modelfoundry.algorithms.seam.config import CARD as SEAM
from modelfoundry.cards import AlgorithmCard, DatasetCard, ModelCard, load_entry_point
from modelfoundry.catalog.datasets import list_datasets
from modelfoundry.errors import UnknownNameError
from modelfoundry.settings import Home

ALGORITHMS: dict[str, AlgorithmCard] = {card.name: card for card in (SEAM, GRADSPLITTER)}


def find_algorithm(name: str) -> AlgorithmCard:
    """Look an algorithm up by name.

    Raises:
        UnknownNameError: There is none of that name; the message lists the known ones.
    """
    try:
        return ALGORITHMS[name]
    except KeyError:
        raise UnknownNameError("algorithm", name, ALGORITHMS) from None


def presets_for(
    home: Home,
    algorithm: AlgorithmCard,
    model: ModelCard,
    target_kind: str,
    *,
    num_classes: int | None = None,
    shots: int | None = None,
) -> list[Any]:
    """List an algorithm's presets for a model and a target, the default first.

    Each has ``name``, ``title``, ``description`` and ``config``, an object of the algorithm's
    settings class.

    Args:
        home: Has the data sets.
        algorithm: Whose presets.
        model: What modules will be cut from.
        target_kind: ``binary``, ``multi-class`` or ``each``.
        num_classes: Of the target; all of the model's if None, or one of a binary target.
        shots: Training images per output; None for all there are.
    """
    dataset = next((card for card in list_datasets(home) if card.name == model.dataset), None)
    num_images = (
        count_target_images(dataset, target_kind, num_classes, shots=shots) if dataset else 0
    )
    presets: list[Any] = load_entry_point(algorithm.presets)(
        model, dataset, target_kind, num_images
    )
    return presets


def count_target_images(
    dataset: DatasetCard, target_kind: str, num_classes: int | None, *, shots: int | None = None
) -> int:
    """Tell about how many training images a target has, those held out for validation included.

    A binary target gets as many images of other classes as of its own; classes are taken to have
    equally many.
    """
    if target_kind == "each":
        return dataset.num_train
    known = len(dataset.classes)
    num_outputs = 2 if target_kind == "binary" else min(num_classes or known, known)
    num_images = round(dataset.num_train * num_outputs / known)
    return num_images if shots is None else min(num_images, shots * num_outputs)

"""The algorithms this installation offers."""

from typing import Any

from modelfoundry.algorithms.gradsplitter.config import CARD as GRADSPLITTER
from modelfoundry.algorithms.seam.config import CARD as SEAM
from modelfoundry.cards import AlgorithmCard, ModelCard, load_entry_point
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
    home: Home, algorithm: AlgorithmCard, model: ModelCard, target_kind: str
) -> list[Any]:
    """List an algorithm's presets for a model and a kind of target, the default first.

    Each has ``name``, ``title``, ``description`` and ``config``, an object of the algorithm's
    settings class.
    """
    dataset = next((card for card in list_datasets(home) if card.name == model.dataset), None)
    presets: list[Any] = load_entry_point(algorithm.presets)(model, dataset, target_kind)
    return presets

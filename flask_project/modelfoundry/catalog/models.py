"""The trained networks of this installation: shipped with the package, or in the home."""

from pathlib import Path

from modelfoundry.cards import ModelCard
from modelfoundry.catalog.cards_on_disk import read_cards
from modelfoundry.errors import UnknownNameError
from modelfoundry.settings import Home
from modelfoundry.zoo.store import CARD_FILE, PRETRAINED


def list_models(home: Home) -> list[ModelCard]:
    """List every model: those of the package first, then those of the home."""
    return [card for card, _ in _cards_and_folders(home).values()]


def find_model(home: Home, name: str) -> ModelCard:
    """Look a model up by name.

    Raises:
        UnknownNameError: There is none of that name; the message lists the known ones.
    """
    card, _ = _find(home, name)
    return card


def model_folder(home: Home, name: str) -> Path:
    """Tell where a model's card and weights are.

    Raises:
        UnknownNameError: There is none of that name; the message lists the known ones.
    """
    _, folder = _find(home, name)
    return folder


def _find(home: Home, name: str) -> tuple[ModelCard, Path]:
    found = _cards_and_folders(home)
    if name not in found:
        raise UnknownNameError("model", name, found)
    return found[name]


def _cards_and_folders(home: Home) -> dict[str, tuple[ModelCard, Path]]:
    return {
        name: (card, parent / name)
        for parent in (PRETRAINED, home.models)
        for name, card in read_cards(parent, CARD_FILE, ModelCard).items()
    }

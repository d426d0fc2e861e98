"""The data sets of this installation: embedded, stored in the home, or known but not here."""

from typing import Any

from modelfoundry.cards import DatasetCard, load_entry_point
from modelfoundry.catalog.cards_on_disk import read_cards
from modelfoundry.data import digits
from modelfoundry.data.groups import GroupTable, save_groups, with_added_groups
from modelfoundry.data.images import Dataset
from modelfoundry.data.known import KNOWN
from modelfoundry.data.store import CARD_FILE, read_dataset
from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.settings import Home


def list_datasets(home: Home) -> list[DatasetCard]:
    """List every data set; ``num_train`` is 0 for those that are not on disk."""
    return list(_cards_by_name(home).values())


def find_dataset(home: Home, name: str) -> DatasetCard:
    """Look a data set up by name, whether or not it is on disk.

    Raises:
        UnknownNameError: There is none of that name; the message lists the known ones.
    """
    cards = _cards_by_name(home)
    if name not in cards:
        raise UnknownNameError("data set", name, cards)
    return cards[name]


def add_groups(home: Home, name: str, groups: GroupTable) -> None:
    """Give a data set named groups of classes, in place of all that were added before.

    Raises:
        UnknownNameError: There is no data set of that name.
        InvalidInputError: A group cannot be; lists every fault.
        StorageError: The disk is full or cannot be written.
    """
    cards = _plain_cards(home)
    if name not in cards:
        raise UnknownNameError("data set", name, cards)
    save_groups(home, cards[name], groups)


def load_dataset(home: Home, name: str) -> Dataset:
    """Open a data set's images and labels.

    Raises:
        UnknownNameError: There is none of that name.
        InvalidInputError: It is known but not on disk; the message says how to get it.
        GoneError: A file of it has been deleted.
        UnreadableFileError: A file of it is damaged.
    """
    card = find_dataset(home, name)
    if card.loader:
        dataset: Dataset = load_entry_point(card.loader)(home)
        return dataset
    if card.num_train == 0:
        raise InvalidInputError.of(
            "/dataset", f"the images of {name!r} are not on this machine; run `{card.how_to_get}`"
        )
    return read_dataset(home, card)


def _cards_by_name(home: Home) -> dict[str, DatasetCard]:
    return {name: with_added_groups(home, card) for name, card in _plain_cards(home).items()}


def _plain_cards(home: Home) -> dict[str, DatasetCard]:
    return {digits.CARD.name: digits.CARD} | KNOWN | _stored_cards(home)


def _stored_cards(home: Home) -> dict[str, DatasetCard]:
    return {
        name: card.model_copy(update={"loader": "", "how_to_get": ""} | _public_facts(name))
        for name, card in read_cards(home.datasets, CARD_FILE, DatasetCard).items()
    }


def _public_facts(name: str) -> dict[str, Any]:
    """What the package says of a public data set, whatever the card said when it was stored."""
    known = KNOWN.get(name)
    return {"groups": known.groups, "is_mirrorable": known.is_mirrorable} if known else {}

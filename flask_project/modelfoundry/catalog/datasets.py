"""The data sets of this installation: embedded, stored in the home, or known but not here."""

from modelfoundry.cards import DatasetCard, load_entry_point
from modelfoundry.catalog.cards_on_disk import read_cards
from modelfoundry.data import digits
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
    return read_dataset(home, name)


def _cards_by_name(home: Home) -> dict[str, DatasetCard]:
    return {digits.CARD.name: digits.CARD} | KNOWN | _stored_cards(home)


def _stored_cards(home: Home) -> dict[str, DatasetCard]:
    return {
        name: card.model_copy(update={"loader": ""})
        for name, card in read_cards(home.datasets, CARD_FILE, DatasetCard).items()
    }

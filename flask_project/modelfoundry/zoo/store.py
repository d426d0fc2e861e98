"""Model folders: a card beside its weights, in the home or shipped with the package."""

import hashlib
from pathlib import Path

from modelfoundry.cards import ModelCard
from modelfoundry.errors import WrongStateError
from modelfoundry.settings import Home
from modelfoundry.storage import check_new_name, whole_folder

PRETRAINED = Path(__file__).parent / "pretrained"
CARD_FILE = "model.json"
WEIGHTS_FILE = "weights.safetensors"


def check_new_model_name(home: Home, name: str) -> None:
    """Refuse a name that is malformed, shipped with the package, or taken in the home.

    Raises:
        InvalidInputError: Pointing at ``/name``.
    """
    check_new_name(name, kind="model", taken_in=(PRETRAINED, home.models))


def write_model(home: Home, card: ModelCard, weights: bytes) -> ModelCard:
    """Make a new model folder, whole or not at all; the same weights again change nothing.

    Args:
        home: Where models are kept.
        card: Its ``weights_sha256`` is replaced by that of the weights.
        weights: The content of a safetensors file.

    Returns:
        The card as stored.

    Raises:
        StorageError: The disk is full or cannot be written.
        WrongStateError: The name has been taken meanwhile.
    """
    stored = card.model_copy(update={"weights_sha256": hashlib.sha256(weights).hexdigest()})
    target = home.models / card.name
    if target.exists():
        earlier = ModelCard.model_validate_json((target / CARD_FILE).read_bytes())
        if earlier.weights_sha256 == stored.weights_sha256:
            return earlier
        raise WrongStateError(
            f"another model named {card.name!r} has been made meanwhile; delete {target} and try "
            "again, or choose another name"
        )
    with whole_folder(target) as folder:
        (folder / WEIGHTS_FILE).write_bytes(weights)
        (folder / CARD_FILE).write_text(stored.model_dump_json(indent=2))
    return stored

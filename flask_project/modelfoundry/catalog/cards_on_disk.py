"""Read the cards that lie in folders; a broken one is skipped, not fatal."""

import logging
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from modelfoundry.cards import DatasetCard, ModelCard

CardT = TypeVar("CardT", DatasetCard, ModelCard)

_log = logging.getLogger(__name__)


def read_cards(parent: Path, file_name: str, kind: type[CardT]) -> dict[str, CardT]:
    """Read the card in every folder of ``parent``, by name and in order of names.

    A card that cannot be read, or that calls itself other than its folder, is left out and
    logged as a warning. A missing ``parent`` has no cards.
    """
    cards: dict[str, CardT] = {}
    for path in sorted(parent.glob(f"[!.]*/{file_name}")):
        try:
            card = kind.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            _log.warning("skipped the unreadable card %s: %s", path, error)
            continue
        if card.name == path.parent.name:
            cards[card.name] = card
        else:
            _log.warning("skipped %s: it calls itself %r, unlike its folder", path, card.name)
    return cards

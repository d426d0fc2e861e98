"""The algorithms this installation offers."""

from modelfoundry.algorithms.seam.config import CARD as SEAM
from modelfoundry.cards import AlgorithmCard
from modelfoundry.errors import UnknownNameError

ALGORITHMS: dict[str, AlgorithmCard] = {card.name: card for card in (SEAM,)}


def find_algorithm(name: str) -> AlgorithmCard:
    """Look an algorithm up by name.

    Raises:
        UnknownNameError: There is none of that name; the message lists the known ones.
    """
    try:
        return ALGORITHMS[name]
    except KeyError:
        raise UnknownNameError("algorithm", name, ALGORITHMS) from None

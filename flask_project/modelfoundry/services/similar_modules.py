"""Find the modules that somebody who looks at one may want to know of."""

from collections.abc import Iterable
from dataclasses import dataclass

from modelfoundry.services.cards import Card


@dataclass(frozen=True)
class Alike:
    """The first of the ready cards that have something in common with another one.

    Attributes:
        total: How many there are.
    """

    items: list[Card]
    total: int


@dataclass(frozen=True)
class SimilarModules:
    """What is like a module.

    Attributes:
        same_target: Made for the same classes of another model, or by another algorithm; the most
            accurate first.
        same_model: Cut out of the same model for other classes; those that share the most first.
    """

    same_target: Alike
    same_model: Alike


def similar_modules(card: Card, cards: Iterable[Card], *, limit: int) -> SimilarModules:
    """Find what is like the card of a module among all cards; at most ``limit`` of each sort."""
    others = [each for each in cards if each.is_ready and each.id != card.id]
    solved = _target(card)
    same_target = [
        each
        for each in others
        if _target(each) == solved and (each.model, each.algorithm) != (card.model, card.algorithm)
    ]
    same_model = [each for each in others if each.model == card.model and _target(each) != solved]
    same_target.sort(key=lambda each: (-(each.accuracy or 0), each.title, each.id))
    same_model.sort(key=lambda each: (-_share_in_common(each, card), each.title, each.id))
    return SimilarModules(
        same_target=Alike(same_target[:limit], len(same_target)),
        same_model=Alike(same_model[:limit], len(same_model)),
    )


def _target(card: Card) -> tuple[str, frozenset[str]]:
    return card.kind, frozenset(card.classes)


def _share_in_common(one: Card, other: Card) -> float:
    """Give the share of classes in both among those in either."""
    first, second = set(one.classes), set(other.classes)
    return len(first & second) / len(first | second)

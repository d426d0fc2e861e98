"""The networks of torchvision and timm by name, without importing either.

Their names are data: ``torchvision_names.txt`` and ``timm_names.txt``, one network a line, made by
:mod:`modelfoundry.zoo.list_names`.
"""

from functools import cache
from pathlib import Path

from modelfoundry.cards import ArchitectureCard

LIBRARIES = ("torchvision", "timm")
FIXED = "fixed"
COMMENT = "#"


@cache
def library_architectures() -> dict[str, ArchitectureCard]:
    """List every network of both libraries by its full name, such as ``timm/mixer_b16_224``."""
    cards = {}
    for library in LIBRARIES:
        for line in names_file(library).read_text().splitlines():
            if not line.startswith(COMMENT):
                name, family, side, smallest = line.split()
                card = card_of(
                    library,
                    name,
                    family,
                    side=int(side),
                    smallest_side=None if smallest == FIXED else int(smallest),
                )
                cards[card.name] = card
    return cards


def names_file(library: str) -> Path:
    """Tell where the names of a library's networks are."""
    return Path(__file__).parent / f"{library}_names.txt"


def card_of(
    library: str, name: str, family: str, *, side: int, smallest_side: int | None = None
) -> ArchitectureCard:
    """Draw the card of a library's network for square images of three channels."""
    return ArchitectureCard(
        name=f"{library}/{name}",
        title=f"{name} ({library})",
        family=family,
        builder=f"modelfoundry.zoo.libraries:{library}_network",
        arguments={"name": name},
        input_shape=(3, side, side),
        smallest_side=smallest_side,
        source=f"The {library} library.",
    )

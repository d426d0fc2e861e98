"""Module cards: what the catalogue shows, what may be asked of it, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

FACETS = ("dataset", "model", "algorithm", "kind", "ready")
Sort = Literal["relevance", "accuracy", "retained_ratio", "newest", "name"]


@dataclass(frozen=True)
class Card:
    """A module that exists (*ready*) or could be made (*on demand*).

    Attributes:
        classes: The target's classes.
        group: What they are called together, if they are a named group.
        module_id: Set exactly when the module is ready; so are the measures.
        accuracy: Of the module on the test images of its target, 0-1.
        original_accuracy: Of the whole model on the same images, 0-1.
        retained_ratio: Share of weights kept, 0-1.
    """

    id: str
    title: str
    model: str
    model_title: str
    dataset: str
    dataset_title: str
    algorithm: str
    kind: str
    classes: tuple[str, ...]
    group: str | None = None
    module_id: str | None = None
    accuracy: float | None = None
    original_accuracy: float | None = None
    retained_ratio: float | None = None
    size_bytes: int | None = None
    created_at: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Tell whether the module exists."""
        return self.module_id is not None


@dataclass(frozen=True)
class CardQuery:
    """What to look for.

    Attributes:
        words: Free text; every word must be found in the name of a class or group, or in the name
            or title of the model, data set or algorithm.
        chosen: Facet to accepted values; several values of one facet mean "any of them".
        min_accuracy: Leaves only ready modules at least this accurate, 0-1.
        max_retained_ratio: Leaves only ready modules that keep at most this share, 0-1.
        start: Position of the first card wanted, from 0.
    """

    words: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    min_accuracy: float | None = None
    max_retained_ratio: float | None = None
    sort: Sort = "relevance"
    start: int = 0
    limit: int = 24


@dataclass(frozen=True)
class CardPage:
    """Some of the cards found, with how many there are per facet value.

    ``facets`` counts a facet's values under all other choices but not its own, so that they tell
    what choosing another value would give.
    """

    items: list[Card]
    next_start: int | None
    total: int
    facets: dict[str, dict[str, int]]

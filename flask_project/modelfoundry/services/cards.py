"""Module cards: what the catalogue shows, what may be asked of it, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

FACETS = ("dataset", "model", "family", "algorithm", "kind", "ready", "format", "license")
RANGES = ("accuracy", "retained_ratio", "parameters", "macs", "latency_ms")
Sort = Literal["relevance", "accuracy", "retained_ratio", "latency", "newest", "name"]
Missing = Literal["dataset", "weights"]


@dataclass(frozen=True)
class Card:
    """A module that exists (*ready*) or could be made (*on demand*).

    Attributes:
        family: Of the model's architecture, such as ``resnet``.
        classes: The target's classes.
        license: Of the model.
        group: What they are called together, if they are a named group.
        module_id: Set exactly when the module is ready; so are the measures and the formats.
        accuracy: Of the module on the test images of its target, 0-1.
        original_accuracy: Of the whole model on the same images, 0-1.
        retained_ratio: Share of weights kept, 0-1.
        parameters: Numbers stored in the module's ONNX file.
        macs: Multiply-adds of the network in that file, for one image.
        latency_ms: Of one image through the module.
        formats: Of the files that hold the module.
        has_images: Whether training images of all its classes are on disk.
        missing: What must be brought here before the module can be made.
        how_to_get: The command that brings it.
        undescribed: What nobody has said of a ready module, such as the licence of its images.
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
    family: str = ""
    license: str = "unknown"
    group: str | None = None
    module_id: str | None = None
    accuracy: float | None = None
    original_accuracy: float | None = None
    retained_ratio: float | None = None
    parameters: int | None = None
    macs: int | None = None
    latency_ms: float | None = None
    size_bytes: int | None = None
    formats: tuple[str, ...] = ()
    created_at: datetime | None = None
    has_images: bool = False
    missing: Missing | None = None
    how_to_get: str = ""
    undescribed: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Tell whether the module exists."""
        return self.module_id is not None


@dataclass(frozen=True)
class Bounds:
    """A range of one measure, both ends included; None leaves an end open."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class CardQuery:
    """What to look for.

    Attributes:
        words: Free text; every word must be found in the name of a class or group, or in the name
            or title of the model, data set or algorithm.
        chosen: Facet to accepted values; several values of one facet mean "any of them".
        ranges: Measure to bounds; they leave only ready modules that have the measure.
        cursor: Where the page before ended; None for the first page.
    """

    words: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Bounds] = field(default_factory=dict)
    sort: Sort = "relevance"
    cursor: str | None = None
    limit: int = 24


@dataclass(frozen=True)
class Spread:
    """The least and largest value of a measure; ``unmeasured`` counts cards that have none."""

    low: float | None
    high: float | None
    unmeasured: int


@dataclass(frozen=True)
class CardPage:
    """Some of the cards found, with how many there are per facet value.

    ``next_cursor`` is None on the last page.
    ``facets`` counts a facet's values under all other choices but not its own, so that they tell
    what choosing another value would give. ``ranges`` spreads each measure in the same way.
    """

    items: list[Card]
    next_cursor: str | None
    total: int
    facets: dict[str, dict[str, int]]
    ranges: dict[str, Spread]

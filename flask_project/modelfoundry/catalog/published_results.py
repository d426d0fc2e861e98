"""What others have published, to stand beside what is reached here; never shown as ours."""

import json
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from modelfoundry.cards import Card
from modelfoundry.data.imagenet import FACTS as IMAGENET_FACTS

FACTS: Path = IMAGENET_FACTS.with_name("published_results.json")
Table = Literal["seam", "more-accurate"]
Targets = Literal["every class", "every group", "all classes together"]


class PublishedTarget(Card):
    """The module of one target; both numbers are 0-1."""

    accuracy: float
    retained_ratio: float


class PublishedRow(Card):
    """A row of a published table; accuracies and ratios are 0-1, means over all targets.

    Attributes:
        table: ``seam``: modules beside their original. ``more-accurate``: modules of several
            GradSplitter decompositions put together, beside the best of the models.
        architectures: Those that count as the one of the row.
        original_accuracy: None where it was not published.
        retained_ratio: Share of the weights kept; None where it was not published.
        by_target: In the order of the data set's classes; empty where only means were published.
    """

    name: str
    table: Table
    architectures: tuple[str, ...] = Field(min_length=1)
    dataset: str
    targets: Targets
    original_accuracy: float | None = Field(ge=0, le=1)
    accuracy: float = Field(ge=0, le=1)
    retained_ratio: float | None = Field(ge=0, le=1)
    source: str
    by_target: tuple[PublishedTarget, ...] = ()


@cache
def published_results() -> tuple[PublishedRow, ...]:
    """List the rows of all tables."""
    facts = json.loads(FACTS.read_text(encoding="utf-8"))
    return tuple(PublishedRow.model_validate(row) for row in facts)

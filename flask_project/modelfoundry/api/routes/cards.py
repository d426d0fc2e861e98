"""Search module cards."""

from datetime import datetime
from typing import Literal

from apiflask import APIBlueprint
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import Query, Repeated, View
from modelfoundry.pipelines.requests import TargetKind
from modelfoundry.services import cards
from modelfoundry.services.cards import Card, CardQuery, Sort

bp = APIBlueprint("cards", __name__, url_prefix=API_PREFIX)


class CardsQuery(Query):
    """What to look for; several values of one facet mean "any of them"."""

    q: str = Field(
        default="", max_length=200, description="Words of classes, groups, models, data sets."
    )
    dataset: Repeated[str] = ()
    model: Repeated[str] = ()
    algorithm: Repeated[str] = ()
    kind: Repeated[TargetKind] = ()
    ready: Repeated[Literal["true", "false"]] = ()
    min_accuracy: float | None = Field(default=None, ge=0, le=1)
    max_retained_ratio: float | None = Field(default=None, ge=0, le=1)
    sort: Sort = "relevance"
    cursor: int = Field(default=0, ge=0, description="From the page before.")
    limit: int = Field(default=24, ge=1, le=100)

    def to_search(self) -> CardQuery:
        """Say the same in the words of the search."""
        return CardQuery(
            words=self.q,
            chosen={
                "dataset": self.dataset,
                "model": self.model,
                "algorithm": self.algorithm,
                "kind": self.kind,
                "ready": self.ready,
            },
            min_accuracy=self.min_accuracy,
            max_retained_ratio=self.max_retained_ratio,
            sort=self.sort,
            start=self.cursor,
            limit=self.limit,
        )


class CardView(View):
    """A module that exists (ready) or could be made; measures are those of a ready module."""

    id: str
    ready: bool
    title: str
    model: str
    model_title: str
    dataset: str
    dataset_title: str
    algorithm: str
    kind: TargetKind
    classes: tuple[str, ...]
    group: str | None
    module_id: str | None
    accuracy: float | None
    original_accuracy: float | None
    retained_ratio: float | None
    size_bytes: int | None
    created_at: datetime | None

    @classmethod
    def of(cls, card: Card) -> "CardView":
        """Show a card."""
        return cls.model_validate(vars(card) | {"ready": card.is_ready})


class FacetValue(View):
    """How many cards choosing this value would leave."""

    value: str
    count: int


class CardFacets(View):
    """The facets, most frequent value first."""

    dataset: list[FacetValue]
    model: list[FacetValue]
    algorithm: list[FacetValue]
    kind: list[FacetValue]
    ready: list[FacetValue]


class CardPage(View):
    """Some of the cards found."""

    items: list[CardView]
    next_cursor: str | None
    total: int
    facets: CardFacets

    @classmethod
    def of(cls, page: cards.CardPage) -> "CardPage":
        """Show a page of cards."""
        facets = {
            name: [
                FacetValue(value=value, count=count)
                for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            ]
            for name, counts in page.facets.items()
        }
        return cls(
            items=[CardView.of(card) for card in page.items],
            next_cursor=None if page.next_start is None else str(page.next_start),
            total=page.total,
            facets=CardFacets.model_validate(facets),
        )


@bp.get("/cards")
@bp.input(CardsQuery, location="query")
@bp.output(CardPage)
def search_cards(query_data: CardsQuery) -> CardPage:
    """Search module cards, ready and on demand."""
    return CardPage.of(services().catalog.search(query_data.to_search()))

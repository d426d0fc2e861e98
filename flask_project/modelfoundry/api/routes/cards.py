"""Search module cards."""

from datetime import datetime
from typing import Annotated, Literal

from apiflask import APIBlueprint
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import PageQuery, Repeated, View
from modelfoundry.pipelines.requests import TargetKind
from modelfoundry.services import cards
from modelfoundry.services.cards import FACETS, RANGES, Bounds, Card, CardQuery, Missing, Sort

bp = APIBlueprint("cards", __name__, url_prefix=API_PREFIX)

Share = Annotated[float | None, Field(ge=0, le=1)]
Amount = Annotated[float | None, Field(ge=0, allow_inf_nan=False)]


class CardsQuery(PageQuery):
    """What to look for; several values of one facet mean "any of them"."""

    q: str = Field(
        default="",
        max_length=200,
        description="Words of classes, groups, models, data sets; whole words rank first.",
        examples=["cat resnet20"],
    )
    dataset: Repeated[str] = ()
    model: Repeated[str] = ()
    family: Repeated[str] = ()
    algorithm: Repeated[str] = ()
    kind: Repeated[TargetKind] = ()
    ready: Repeated[Literal["true", "false"]] = ()
    format: Repeated[str] = ()
    license: Repeated[str] = ()
    min_accuracy: Share = None
    max_accuracy: Share = None
    min_retained_ratio: Share = None
    max_retained_ratio: Share = None
    min_parameters: Amount = None
    max_parameters: Amount = None
    min_macs: Amount = None
    max_macs: Amount = None
    min_latency_ms: Amount = None
    max_latency_ms: Amount = None
    sort: Sort = "relevance"

    def to_search(self) -> CardQuery:
        """Say the same in the words of the search."""
        return CardQuery(
            words=self.q,
            chosen={name: getattr(self, name) for name in FACETS},
            ranges={
                name: Bounds(getattr(self, f"min_{name}"), getattr(self, f"max_{name}"))
                for name in RANGES
            },
            sort=self.sort,
            cursor=self.cursor,
            limit=self.limit,
        )


class CardView(View):
    """A module that exists (ready) or could be made; measures are those of a ready module.

    ``macs`` and ``latency_ms`` are of one image; ``missing`` is what must be brought here before
    the module can be made, and ``how_to_get`` the command for it. ``undescribed`` names what nobody
    has said of a ready module.
    """

    id: str
    ready: bool
    title: str
    model: str
    model_title: str
    family: str
    license: str
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
    parameters: int | None
    macs: int | None
    latency_ms: float | None
    size_bytes: int | None
    formats: tuple[str, ...]
    created_at: datetime | None
    has_images: bool
    missing: Missing | None
    how_to_get: str
    undescribed: tuple[str, ...]

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
    family: list[FacetValue]
    algorithm: list[FacetValue]
    kind: list[FacetValue]
    ready: list[FacetValue]
    format: list[FacetValue]
    license: list[FacetValue]


class RangeView(View):
    """The least and largest value among the cards found; ``unmeasured`` ones have none.

    A range leaves the unmeasured ones out, which are those on demand and few others.
    """

    low: float | None
    high: float | None
    unmeasured: int


class CardRanges(View):
    """What each range can be set to, under all other choices."""

    accuracy: RangeView
    retained_ratio: RangeView
    parameters: RangeView
    macs: RangeView
    latency_ms: RangeView


class CardPage(View):
    """Some of the cards found."""

    items: list[CardView]
    next_cursor: str | None
    total: int
    facets: CardFacets
    ranges: CardRanges

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
            next_cursor=page.next_cursor,
            total=page.total,
            facets=CardFacets.model_validate(facets),
            ranges=CardRanges.model_validate(page.ranges),
        )


@bp.get("/cards")
@bp.input(CardsQuery, location="query")
@bp.output(CardPage)
def search_cards(query_data: CardsQuery) -> CardPage:
    """Search module cards, ready and on demand, with counts of what other choices would give."""
    return CardPage.of(services().catalog.search(query_data.to_search()))

"""The methods that make modules, with what a launch form needs."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from modelfoundry.algorithms.preset import Preset
from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import Query, View
from modelfoundry.pipelines.requests import TargetKind
from modelfoundry.services.catalog import AlgorithmOffer

bp = APIBlueprint("algorithms", __name__, url_prefix=API_PREFIX)


class AlgorithmsQuery(Query):
    """For which model and target presets are wanted.

    An algorithm that does not solve the kind comes with presets for one that it solves.
    """

    model: str | None = None
    kind: TargetKind | None = None
    num_classes: int | None = Field(
        default=None, ge=1, description="Of the target; all, or one of a binary target, if absent."
    )
    shots: int | None = Field(
        default=None, ge=1, description="Training images per output; all if absent."
    )


class PresetView(View):
    """A named starting point for the settings."""

    name: str
    title: str
    description: str
    settings: dict[str, Any]

    @classmethod
    def of(cls, preset: Preset[Any]) -> "PresetView":
        """Show a preset."""
        return cls(
            name=preset.name,
            title=preset.title,
            description=preset.description,
            settings=preset.config.model_dump(mode="json"),
        )


class AlgorithmView(View):
    """A method; ``settings_schema`` is a JSON schema from which a form can be drawn."""

    name: str
    title: str
    summary: str
    source: str
    target_kinds: list[TargetKind]
    settings_schema: dict[str, Any]
    presets: list[PresetView]
    default_preset: str | None

    @classmethod
    def of(cls, offer: AlgorithmOffer) -> "AlgorithmView":
        """Show an algorithm."""
        presets = [PresetView.of(preset) for preset in offer.presets]
        return cls(
            **offer.card.model_dump(include={"name", "title", "summary", "source", "target_kinds"}),
            settings_schema=offer.settings_schema,
            presets=presets,
            default_preset=presets[0].name if presets else None,
        )


class AlgorithmList(View):
    """All methods; there are few enough for one page."""

    items: list[AlgorithmView]


@bp.get("/algorithms")
@bp.input(AlgorithmsQuery, location="query")
@bp.output(AlgorithmList)
@bp.doc(responses={404: "There is no such model."})
def list_algorithms(query_data: AlgorithmsQuery) -> AlgorithmList:
    """List the methods, with presets if a model is named."""
    offers = services().catalog.algorithms(**query_data.model_dump())
    return AlgorithmList(items=[AlgorithmView.of(offer) for offer in offers])

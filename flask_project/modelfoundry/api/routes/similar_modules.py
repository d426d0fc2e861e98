"""What is like a module."""

from apiflask import APIBlueprint
from pydantic import Field

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.routes.cards import CardView
from modelfoundry.api.schemas import Query, View
from modelfoundry.services.similar_modules import Alike, SimilarModules

bp = APIBlueprint("similar_modules", __name__, url_prefix=API_PREFIX)


class SimilarQuery(Query):
    """How many similar modules are wanted."""

    limit: int = Field(default=6, ge=1, le=100, description="Of each sort, at most.")


class AlikeView(View):
    """The first of the modules that have something in common, and how many there are."""

    items: list[CardView]
    total: int

    @classmethod
    def of(cls, alike: Alike) -> "AlikeView":
        """Show some cards."""
        return cls(items=[CardView.of(card) for card in alike.items], total=alike.total)


class SimilarModulesView(View):
    """Modules like another one.

    ``same_target`` are for the same classes, of another model or by another algorithm, the most
    accurate first; ``same_model`` are for other classes of the same model, those that share the
    most classes first.
    """

    same_target: AlikeView
    same_model: AlikeView

    @classmethod
    def of(cls, similar: SimilarModules) -> "SimilarModulesView":
        """Show what is like a module."""
        return cls(
            same_target=AlikeView.of(similar.same_target),
            same_model=AlikeView.of(similar.same_model),
        )


@bp.get("/modules/<module_id>/similar")
@bp.input(SimilarQuery, location="query")
@bp.output(SimilarModulesView)
def list_similar(module_id: str, query_data: SimilarQuery) -> SimilarModulesView:
    """List modules like another one: for the same target, and of the same model."""
    return SimilarModulesView.of(services().catalog.similar(module_id, limit=query_data.limit))

"""Fine-tune a model in several ways, to compare what each inherits."""

from typing import Any

from apiflask import APIBlueprint

from modelfoundry.api.context import API_PREFIX, Reply, services
from modelfoundry.api.routes.algorithms import PresetView
from modelfoundry.api.routes.sweeps import accepted_sweep
from modelfoundry.api.schemas import Query, View
from modelfoundry.api.submission import SubmissionQuery, answers_with, idempotency_key
from modelfoundry.api.sweep_views import SweepPlanView, SweepView
from modelfoundry.services.finetunings import FinetuningsRequest

bp = APIBlueprint("finetunings", __name__, url_prefix=API_PREFIX)


class FinetuneSettingsQuery(Query):
    """For which data set presets are wanted."""

    dataset: str | None = None


class FinetuneSettingsView(View):
    """Settings of fine-tuning as a JSON schema, and presets; the first one is the default."""

    settings_schema: dict[str, Any]
    presets: list[PresetView]


@bp.get("/finetunings/settings")
@bp.input(FinetuneSettingsQuery, location="query")
@bp.output(FinetuneSettingsView)
@bp.doc(responses=[404])
def get_finetune_settings(query_data: FinetuneSettingsQuery) -> FinetuneSettingsView:
    """List the settings of fine-tuning, with presets if a data set is named."""
    offer = services().reuse.finetune_offer(query_data.dataset)
    return FinetuneSettingsView(
        settings_schema=offer.settings_schema,
        presets=[PresetView.of(preset) for preset in offer.presets],
    )


@bp.post("/finetunings")
@bp.input(SubmissionQuery, location="query")
@bp.input(FinetuningsRequest, arg_name="wanted")
@bp.output(SweepView, status_code=202)
@bp.doc(responses=answers_with(SweepPlanView))
def finetune_in_several_ways(
    query_data: SubmissionQuery, wanted: FinetuningsRequest
) -> Reply[SweepView] | tuple[SweepPlanView, int]:
    """Fine-tune a model by every way, threshold and seed; they become one sweep."""
    if query_data.dry_run:
        return SweepPlanView.model_validate(services().sweeps.check(wanted)), 200
    return accepted_sweep(services().sweeps.submit(wanted, idempotency_key=idempotency_key()))

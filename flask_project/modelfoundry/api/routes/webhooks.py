"""Addresses that are told when a job has ended."""

from datetime import datetime

from apiflask import APIBlueprint, EmptySchema

from modelfoundry.api.context import API_PREFIX, services
from modelfoundry.api.schemas import View
from modelfoundry.services.webhooks import NewWebhook

bp = APIBlueprint("webhooks", __name__, url_prefix=API_PREFIX)


class WebhookView(View):
    """An address that is told; ``error`` is why the newest message that did not arrive did not."""

    id: str
    url: str
    created_at: datetime
    last_delivered_at: datetime | None
    error: str | None


class MadeWebhookView(WebhookView):
    """A new webhook; ``secret`` is shown this once."""

    secret: str


class WebhookList(View):
    """All webhooks; there are few enough for one page."""

    items: list[WebhookView]


@bp.get("/webhooks")
@bp.output(WebhookList)
def list_webhooks() -> WebhookList:
    """List the webhooks, newest first."""
    return WebhookList(items=[WebhookView.model_validate(w) for w in services().webhooks.all()])


@bp.post("/webhooks")
@bp.input(NewWebhook, location="json")
@bp.output(MadeWebhookView, status_code=201)
def create_webhook(json_data: NewWebhook) -> tuple[MadeWebhookView, int]:
    """Have an address told of every job that succeeds, fails or is cancelled from now on."""
    return MadeWebhookView.model_validate(services().webhooks.create(json_data)), 201


@bp.delete("/webhooks/<webhook_id>")
@bp.output(EmptySchema, status_code=204)
@bp.doc(responses=[404])
def delete_webhook(webhook_id: str) -> str:
    """Forget a webhook, and what is still to be sent to it."""
    services().webhooks.delete(webhook_id)
    return ""

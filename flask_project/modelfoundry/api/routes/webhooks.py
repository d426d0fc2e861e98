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


class DeliveryView(View):
    """What became of telling a webhook of a job; ``next_try_at`` is null once it is settled."""

    job_id: str
    job_title: str
    ended_at: datetime
    tries: int
    next_try_at: datetime | None
    delivered_at: datetime | None
    error: str | None


class DeliveryList(View):
    """The last messages to a webhook."""

    items: list[DeliveryView]


class TrialView(View):
    """What an address has answered; ``status`` is null if nobody did, ``error`` if all is well."""

    status: int | None
    text: str
    error: str | None
    duration_ms: float


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


@bp.get("/webhooks/<webhook_id>/deliveries")
@bp.output(DeliveryList)
@bp.doc(responses=[404])
def list_deliveries(webhook_id: str) -> DeliveryList:
    """List the last twenty messages to a webhook, newest first."""
    found = services().webhooks.deliveries(webhook_id)
    return DeliveryList(items=[DeliveryView.model_validate(delivery) for delivery in found])


@bp.post("/webhooks/<webhook_id>/test")
@bp.output(TrialView)
@bp.doc(responses=[404])
def test_webhook(webhook_id: str) -> TrialView:
    """Send a webhook a message that is about no job, and show what it answers."""
    return TrialView.model_validate(services().webhooks.test(webhook_id))


@bp.delete("/webhooks/<webhook_id>")
@bp.output(EmptySchema, status_code=204)
@bp.doc(responses=[404])
def delete_webhook(webhook_id: str) -> str:
    """Forget a webhook, and what is still to be sent to it."""
    services().webhooks.delete(webhook_id)
    return ""

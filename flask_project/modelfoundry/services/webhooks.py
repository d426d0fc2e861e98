"""Addresses that are told when a job has ended: make, list, try, delete."""

import json
import secrets
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from pydantic import BaseModel, ConfigDict, Field

from modelfoundry.errors import InvalidInputError, quoted
from modelfoundry.jobs.model import utc_now
from modelfoundry.jobs.webhook_post import ANSWER_WITHIN_S, Answer, post_signed
from modelfoundry.jobs.webhook_store import PastDelivery, Webhook, WebhookStore
from modelfoundry.settings import Settings

PREFIX = "whsec_"
SECRET_BYTES = 32
DELIVERIES_SHOWN = 20


class NewWebhook(BaseModel):
    """A webhook to make."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    url: str = Field(max_length=2000, description="An http or https address that takes POST.")


class WebhookService:
    """The use cases around webhooks."""

    def __init__(self, settings: Settings, store: WebhookStore) -> None:
        self._hosts = settings.webhook_hosts
        self._store = store

    def create(self, wanted: NewWebhook) -> Webhook:
        """Make a webhook; its messages are signed with its secret.

        Raises:
            InvalidInputError: The address is none of http or https, or its host is not allowed.
        """
        host = _host(wanted.url)
        if self._hosts and host not in self._hosts:
            raise InvalidInputError.of(
                "/url",
                f"webhooks to {host} are not allowed; allowed: {', '.join(self._hosts)} "
                "(MODELFOUNDRY_WEBHOOK_HOSTS)",
            )
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        webhook = Webhook(uuid4().hex[:12], wanted.url, secret, utc_now())
        self._store.add(webhook)
        return webhook

    def all(self) -> list[Webhook]:
        """List the webhooks, newest first."""
        return self._store.all()

    def deliveries(self, webhook_id: str) -> list[PastDelivery]:
        """List the last messages to a webhook, newest first; raises ``UnknownNameError``."""
        return self._store.deliveries(self._store.get(webhook_id).id, limit=DELIVERIES_SHOWN)

    def test(self, webhook_id: str) -> Answer:
        """Send a webhook a message that is about no job, and tell what it answers.

        Takes as long as the answer does, ten seconds at most.

        Raises:
            UnknownNameError: There is no such webhook.
        """
        webhook = self._store.get(webhook_id)
        body = json.dumps({"event": "test", "webhook": webhook.id}).encode()
        with httpx.Client(timeout=ANSWER_WITHIN_S) as http:
            return post_signed(http, webhook.url, body, secret=webhook.secret, at=utc_now())

    def delete(self, webhook_id: str) -> None:
        """Forget a webhook; raises ``UnknownNameError``."""
        self._store.delete(webhook_id)


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise InvalidInputError.of(
            "/url",
            f"{quoted(url)} is no address to send to; give one such as https://example.org/jobs",
        )
    return host

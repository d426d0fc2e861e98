"""Tell webhooks of jobs that have ended; signed, and again later where nobody answered."""

import json
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx

from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.jobs.webhook_post import ANSWER_WITHIN_S, post_signed
from modelfoundry.jobs.webhook_store import Delivery, WebhookStore

LOOK_EVERY_S = 1.0
AT_ONCE = 20
WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
"""How long after each failed try the next one follows; after the last none does."""

logger = logging.getLogger(__name__)


def message(job: Job, ended_at: datetime) -> bytes:
    """Write what a webhook is told of a job."""
    facts = {
        "event": f"job.{job.state}",
        "job": {
            "id": job.id,
            "kind": job.kind,
            "title": job.title,
            "state": job.state,
            "error": job.error,
            "modules": list(job.modules),
            "ended_at": ended_at.isoformat(),
        },
    }
    return json.dumps(facts).encode()


class WebhookSender:
    """Sends what is due; jobs and the web server never wait for it."""

    def __init__(
        self,
        store: WebhookStore,
        *,
        now: Callable[[], datetime] = utc_now,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare to send.

        Args:
            store: Where webhooks and deliveries are kept.
            now: Tells the time.
            transport: How to reach webhooks; over the network if absent.
        """
        self._store = store
        self._now = now
        self._http = httpx.Client(timeout=ANSWER_WITHIN_S, transport=transport)

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop."""
        with self._http:
            while not stop.wait(LOOK_EVERY_S):
                try:
                    self.send_due()
                except Exception:
                    logger.exception("webhooks go on after an error")

    def send_due(self) -> None:
        """Plan what jobs have given rise to, and send what is due, each once."""
        self._store.plan()
        for delivery in self._store.due(self._now(), limit=AT_ONCE):
            error = self._send(delivery)
            if error is None:
                self._store.note_delivered(delivery, self._now())
                continue
            wait = WAITS[delivery.tries] if delivery.tries < len(WAITS) else None
            next_try_at = self._now() + wait if wait else None
            self._store.note_failed(delivery, error, next_try_at=next_try_at)
            logger.warning("job %s was not told to %s: %s", delivery.job.id, delivery.url, error)

    def _send(self, delivery: Delivery) -> str | None:
        """Send a message; return what went wrong, if anything did."""
        body = message(delivery.job, delivery.ended_at)
        now = self._now()
        return post_signed(self._http, delivery.url, body, secret=delivery.secret, at=now).error

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.jobs.model import Job
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.jobs.webhook_post import sign
from modelfoundry.jobs.webhook_sender import WAITS, WebhookSender
from modelfoundry.jobs.webhook_store import Webhook, WebhookStore

HOOK = Webhook("hook", "http://listener.example/jobs", "whsec_mine", created_at=NOON)


class Listener:
    """An address that answers as it is told, at a time that the tests set."""

    def __init__(self) -> None:
        self.status = 200
        self.now = NOON
        self.heard: list[httpx.Request] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.status == 0:
            raise httpx.ConnectError("nobody is there")
        self.heard.append(request)
        return httpx.Response(self.status)

    def clock(self) -> datetime:
        return self.now


@pytest.fixture
def webhooks(database: Engine) -> WebhookStore:
    return WebhookStore(database)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def sender(webhooks: WebhookStore, listener: Listener) -> WebhookSender:
    transport = httpx.MockTransport(listener.answer)
    return WebhookSender(webhooks, now=listener.clock, transport=transport)


@pytest.fixture
def end(store: SqlJobStore) -> Callable[[datetime], Job]:
    """Have a new job succeed at some time."""

    def end(at: datetime) -> Job:
        new = Job.new("train", {}, title="Train mine", now=at)
        store.add(new.start(RUNNER, now=at))
        return store.move(new.id, lambda job: job.succeed(modules=(), result={}, now=at))

    return end


def test_a_webhook_is_told_of_a_job_once(sender, webhooks, listener, end):
    webhooks.add(HOOK)
    job = end(NOON)

    sender.send_due()
    sender.send_due()

    (heard,) = listener.heard
    told = json.loads(heard.content)
    assert str(heard.url) == HOOK.url
    assert told["event"] == "job.succeeded"
    assert (told["job"]["id"], told["job"]["title"]) == (job.id, "Train mine")
    assert webhooks.all()[0].last_delivered_at == NOON


def test_a_message_is_signed_with_its_time_and_body(sender, webhooks, listener, end):
    webhooks.add(HOOK)
    end(NOON)

    sender.send_due()

    (heard,) = listener.heard
    signed = f"{int(NOON.timestamp())}.".encode() + heard.content
    digest = hmac.new(b"whsec_mine", signed, hashlib.sha256).hexdigest()
    assert heard.headers["X-ModelFoundry-Signature"] == f"t={int(NOON.timestamp())},v1={digest}"


@pytest.mark.parametrize(
    ("body", "secret", "seconds"),
    [(b"b", HOOK.secret, 0), (b"a", "another", 0), (b"a", HOOK.secret, 1)],
    ids=["body", "secret", "time"],
)
def test_another_body_secret_or_time_gives_another_signature(
    body: bytes, secret: str, seconds: int
):
    _, _, signature = sign(b"a", secret=HOOK.secret, at=NOON).partition(",")

    other = sign(body, secret=secret, at=NOON + timedelta(seconds=seconds))

    assert other.partition(",")[2] != signature


def test_jobs_that_ended_before_the_webhook_was_made_are_not_told(sender, webhooks, listener, end):
    end(NOON - timedelta(seconds=1))
    webhooks.add(HOOK)

    sender.send_due()

    assert listener.heard == []


def test_a_job_that_has_not_ended_is_not_told(sender, webhooks, listener, store, job):
    webhooks.add(HOOK)
    store.add(job.start(RUNNER, now=NOON))

    sender.send_due()

    assert listener.heard == []


def test_a_job_that_is_retried_is_told_again_when_it_ends_again(
    sender, webhooks, listener, store, job
):
    webhooks.add(HOOK)
    store.add(job)
    store.move(job.id, lambda job: job.cancel(now=NOON))
    sender.send_due()

    listener.now = NOON + timedelta(minutes=1)
    store.move(job.id, lambda job: job.retry(now=listener.now))
    store.move(job.id, lambda job: job.cancel(now=listener.now))
    sender.send_due()

    assert [json.loads(each.content)["event"] for each in listener.heard] == ["job.cancelled"] * 2


@pytest.mark.parametrize(
    ("status", "error"), [(500, "it answered 500"), (302, "it answered 302"), (0, "ConnectError")]
)
def test_what_was_not_taken_is_sent_again_after_a_while(
    sender, webhooks, listener, end, *, status: int, error: str
):
    webhooks.add(HOOK)
    end(NOON)
    listener.status = status
    sender.send_due()
    assert error in webhooks.all()[0].error

    listener.status, listener.heard = 200, []
    listener.now = NOON + timedelta(seconds=9)
    sender.send_due()
    assert listener.heard == []
    listener.now = NOON + timedelta(seconds=10)
    sender.send_due()
    assert len(listener.heard) == 1
    assert webhooks.all()[0].error is None


def test_after_six_tries_it_is_given_up(sender, webhooks, listener, end):
    webhooks.add(HOOK)
    end(NOON)
    listener.status = 500
    for wait in (*WAITS, *WAITS):
        sender.send_due()
        listener.now += wait

    assert len(listener.heard) == 6
    assert webhooks.all()[0].error == "it answered 500"


def test_a_webhook_that_is_gone_is_told_no_more(sender, webhooks, listener, end):
    webhooks.add(HOOK)
    end(NOON)
    listener.status = 500
    sender.send_due()

    webhooks.delete(HOOK.id)
    listener.now = NOON + timedelta(days=1)
    sender.send_due()

    assert len(listener.heard) == 1

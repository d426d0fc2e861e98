import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.api.conftest import client_of

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.services.tokens import NewToken


def test_a_webhook_is_made_listed_and_deleted(client):
    made = client.post("/api/v1/webhooks", json={"url": "https://example.org/jobs"})

    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    listed = client.get("/api/v1/webhooks")
    assert [hook["url"] for hook in listed.json["items"]] == ["https://example.org/jobs"]
    assert made.json["secret"] not in listed.get_data(as_text=True)

    assert client.delete(f"/api/v1/webhooks/{made.json['id']}").status_code == 204
    assert client.get("/api/v1/webhooks").json["items"] == []
    assert client.delete(f"/api/v1/webhooks/{made.json['id']}").status_code == 404


@pytest.mark.parametrize(
    "url",
    ["", "file:///etc/passwd", "example.org/jobs", "http://", "http://[", "http://a:b", "ftp://a"],
)
def test_what_is_no_web_address_is_refused(client, url: str):
    refused = client.post("/api/v1/webhooks", json={"url": url})

    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/url"]


def test_where_hosts_are_named_no_other_is_written_to(services: Services):
    settings = replace(services.settings, webhook_hosts=("example.org",))
    client = client_of(build_services(settings))

    allowed = client.post("/api/v1/webhooks", json={"url": "https://example.org/jobs"})
    refused = client.post("/api/v1/webhooks", json={"url": "http://169.254.169.254/latest"})

    assert (allowed.status_code, refused.status_code) == (201, 422)
    assert "allowed: example.org" in refused.get_data(as_text=True)


def test_webhooks_are_for_administrators(guarded, services: Services):
    secret = services.tokens.create(NewToken(name="mine", scope="submit")).secret

    refused = guarded.get("/api/v1/webhooks", headers={"Authorization": f"Bearer {secret}"})

    assert refused.status_code == 403


@pytest.fixture
def listener() -> Iterator[ThreadingHTTPServer]:
    """An address on this machine that answers 418 and keeps what it heard."""

    class Teapot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            server.heard = (dict(self.headers), self.rfile.read(length))  # type: ignore[attr-defined]
            self.send_response(418)
            self.end_headers()
            self.wfile.write(b"a teapot")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Teapot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_webhook_is_tried_out_and_its_answer_shown(client, listener: ThreadingHTTPServer):
    url = f"http://127.0.0.1:{listener.server_port}/hook"
    made = client.post("/api/v1/webhooks", json={"url": url}).json

    answer = client.post(f"/api/v1/webhooks/{made['id']}/test").json

    assert (answer["status"], answer["text"]) == (418, "a teapot")
    assert answer["error"] == "it answered 418"
    headers, body = listener.heard  # type: ignore[attr-defined]
    time, _, signature = headers["X-ModelFoundry-Signature"].partition(",v1=")
    signed = time.removeprefix("t=").encode() + b"." + body
    assert signature == hmac.new(made["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert json.loads(body) == {"event": "test", "webhook": made["id"]}


def test_an_address_where_nobody_listens_is_told_so(client):
    made = client.post("/api/v1/webhooks", json={"url": "http://127.0.0.1:9/"}).json

    answer = client.post(f"/api/v1/webhooks/{made['id']}/test").json

    assert answer["status"] is None
    assert answer["error"].startswith("ConnectError")


def test_what_a_webhook_was_told_is_listed(client, services: Services):
    made = client.post("/api/v1/webhooks", json={"url": "http://127.0.0.1:9/"}).json
    job = Job.new("train", {}, title="Train mine", now=utc_now())
    services.stores.jobs.add(job)
    services.jobs.cancel(job.id)
    services.stores.webhooks.plan()

    (delivery,) = client.get(f"/api/v1/webhooks/{made['id']}/deliveries").json["items"]

    assert (delivery["job_id"], delivery["job_title"]) == (job.id, "Train mine")
    assert (delivery["tries"], delivery["delivered_at"], delivery["error"]) == (0, None, None)
    assert client.get("/api/v1/webhooks/nope/deliveries").status_code == 404

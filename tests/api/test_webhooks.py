from dataclasses import replace

import pytest
from tests.api.conftest import client_of

from modelfoundry.bootstrap import Services, build_services
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

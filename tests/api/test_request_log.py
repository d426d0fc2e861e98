import json
import logging

import pytest

from modelfoundry.api.request_log import JsonFormatter


@pytest.mark.parametrize("path", ["/livez", "/api/v1/nope"])
def test_an_answer_has_the_id_that_its_request_came_with(client, path: str):
    assert client.get(path, headers={"X-Request-Id": "a-1.b"}).headers["X-Request-Id"] == "a-1.b"


@pytest.mark.parametrize("given", ["", "two words", "a" * 65, "a\tb", 'a","level":"fatal'])
def test_an_id_that_could_forge_a_log_line_is_replaced(client, given: str):
    answered = client.get("/livez", headers={"X-Request-Id": given}).headers["X-Request-Id"]

    assert len(answered) == 32
    assert answered != given


def test_a_refusal_names_its_request(client):
    refused = client.get("/api/v1/jobs/nope")

    assert refused.json["request_id"] == refused.headers["X-Request-Id"]


def test_a_request_is_one_line_of_json(client, caplog: pytest.LogCaptureFixture):
    caplog.handler.setFormatter(JsonFormatter())
    caplog.set_level(logging.INFO, "modelfoundry")

    client.get("/api/v1/jobs/nope", headers={"X-Request-Id": "mine"})

    (line,) = caplog.text.splitlines()
    logged = json.loads(line)
    assert logged["request_id"] == "mine"
    assert (logged["method"], logged["path"], logged["status"]) == ("GET", "/api/v1/jobs/nope", 404)
    assert logged["message"].startswith("GET /api/v1/jobs/nope 404 in ")

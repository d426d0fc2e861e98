"""Whatever is sent anywhere is refused or taken as plain text, and never brings a failure."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.homes import add_bundle, add_model
from tests.hostile import requests_with
from werkzeug.test import TestResponse

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import build_services
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.settings import Home, Settings

CODE = "__import__('os').mkdir('evaluated') $(mkdir evaluated) {{7*7}} %s %n"
HOSTILE = {
    "code": f"<script>alert(1)</script>'; DROP TABLE jobs; -- {CODE}",
    "path": "../../../../etc/passwd",
    "control": "a\x00b\r\nSet-Cookie: b=c\x1b[2J\u202e\ufeff\U0001f4a9",
    "surrogate": "\ud800",
    "long": "x" * 20_000,
    "number": "9" * 400,
}
OF_OTHERS = {"405"}  # a slash in a name leads to another address
OTHER_VALUES: list[Any] = [None, 2**70, [[{}]]]

pytestmark = pytest.mark.slow  # some thousand requests


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    add_model(home)
    add_bundle(home, "toy-3-0a1b2c3d")
    return home


@pytest.fixture(scope="module")
def client(home: Home) -> FlaskClient:
    services = build_services(Settings(home=home, upload_limit_bytes=2**18))
    adopt_bundles(home, services.stores.modules)
    return create_app(services).test_client()


@pytest.fixture(scope="module")
def spec(client: FlaskClient) -> Any:
    return client.get("/api/v1/openapi.json").json


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, where what hostile code would make would be seen."""
    monkeypatch.chdir(tmp_path)


def wrong(answer: TestResponse, announced: set[str]) -> bool:
    """Tell whether an answer is a failure, not announced, or a refusal that is not explained."""
    is_refused = answer.status_code >= 400
    return (
        answer.status_code >= 500
        or str(answer.status_code) not in announced | OF_OTHERS
        or (is_refused and answer.content_type != "application/problem+json")
    )


def announced_by(spec: Any) -> dict[str, set[str]]:
    return {
        operation["operationId"]: set(operation["responses"])
        for path in spec["paths"].values()
        for operation in path.values()
    }


def wrong_answers(client: FlaskClient, spec: Any, value: Any) -> list[tuple[str, str, int, str]]:
    announced = announced_by(spec)
    answers = ((sent, sent.send(client)) for sent in requests_with(spec, value))
    return [
        (sent.operation, sent.place, answer.status_code, answer.get_data(as_text=True)[:200])
        for sent, answer in answers
        if wrong(answer, announced[sent.operation])
    ]


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.usefixtures("elsewhere")
def test_a_hostile_text_anywhere_is_plain_text_or_refused(
    client: FlaskClient, spec: Any, tmp_path: Path, kind: str
):
    assert wrong_answers(client, spec, HOSTILE[kind]) == []

    assert list(tmp_path.iterdir()) == []  # nothing was evaluated
    assert client.get("/api/v1/jobs").status_code == 200


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
def test_a_value_of_another_kind_anywhere_is_refused_or_taken(
    client: FlaskClient, spec: Any, value: Any
):
    assert wrong_answers(client, spec, value) == []


def test_every_operation_is_reached(spec: Any):
    reached = {sent.operation for sent in requests_with(spec, "a")}
    bare = {
        operation["operationId"]
        for path in spec["paths"].values()
        for operation in path.values()
        if not operation.get("parameters") and "requestBody" not in operation
    }

    everything = {op["operationId"] for path in spec["paths"].values() for op in path.values()}
    assert reached | bare == everything

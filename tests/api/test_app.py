from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import client_of

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services, build_services
from modelfoundry.settings import Settings


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_healthy_server_says_so(client, path: str):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nope", 404),
        ("GET", "/api/v1/models/nope", 404),
        ("PUT", "/api/v1/cards", 405),
        ("POST", "/api/v1/jobs", 405),
    ],
)
def test_every_error_is_a_problem(client, method: str, path: str, status: int):
    answer = client.open(path, method=method)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["instance"] == path
    assert answer.json["type"].startswith("/api/v1/docs#")
    assert isinstance(answer.json["detail"], str)
    assert answer.json["errors"] == []


def test_a_method_that_is_not_allowed_is_answered_with_those_that_are(client):
    assert "GET" in client.put("/api/v1/cards").headers["Allow"]


def test_a_body_that_is_not_json_is_a_bad_request(client):
    answer = client.post("/api/v1/modularize", data="{", content_type="application/json")

    assert answer.status_code == 400
    assert answer.json["detail"].startswith("the body is not JSON: ")


def test_a_body_of_another_type_is_not_supported(client):
    answer = client.post("/api/v1/modularize", data="model=toy", content_type="text/plain")

    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")
    assert answer.json["detail"] == "send JSON, with the header Content-Type: application/json"


def test_what_is_wrong_is_said_with_the_names_of_the_fields(client):
    body = {"ids": 3, "id": "a"}

    answer = client.post("/api/v1/jobs/cancel", json=body)

    assert answer.json["detail"] == (
        "ids: 3 is not a list; write one in brackets, as in [1, 2]; "
        "id: there is no 'id' here; known: ids"
    )
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/ids", "/id"]


def test_a_database_that_cannot_be_read_is_said_with_the_way_out(client, services: Services):
    services.stores.engine.dispose()
    services.settings.home.root.joinpath("modelfoundry.db").write_bytes(b"broken" * 1000)

    answer = client.get("/api/v1/jobs")

    assert (answer.status_code, answer.content_type) == (507, "application/problem+json")
    assert "file is not a database; check its disk" in answer.json["detail"]


def test_a_surprise_inside_the_server_tells_nothing_but_its_kind(services: Services):
    surprised: Any = client_of(replace(services, jobs=object()))  # type: ignore[arg-type]

    answer = surprised.get("/api/v1/jobs")

    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.json["detail"].endswith("inside the server; its log has the details")


def test_no_other_origin_may_call_the_api_unless_one_is_configured(client, settings: Settings):
    friend = {"Origin": "https://friend.example"}
    open_to_friend = create_app(
        build_services(replace(settings, cors_origin="https://friend.example"))
    ).test_client()

    assert "Access-Control-Allow-Origin" not in client.get("/livez", headers=friend).headers
    assert (
        open_to_friend.get("/livez", headers=friend).headers["Access-Control-Allow-Origin"]
        == "https://friend.example"
    )


def test_without_a_built_front_end_the_page_says_how_to_build_it(client):
    answer = client.get("/")

    assert answer.content_type == "text/plain; charset=utf-8"
    assert "make run" in answer.get_data(as_text=True)


@pytest.fixture
def built(settings: Settings) -> Path:
    root = settings.web_root
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<p>the page</p>")
    (root / "assets" / "app.123.js").write_text("the script")
    return root


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", ["/", "/launch?model=toy", "/jobs/42"])
def test_every_view_of_the_front_end_is_the_same_page(client, path: str):
    assert client.get(path).data == b"<p>the page</p>"


@pytest.mark.usefixtures("built")
def test_files_with_a_hash_in_their_name_may_be_kept_for_ever(client):
    answer = client.get("/assets/app.123.js")

    assert answer.data == b"the script"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in client.get("/").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [
        ("gzip, deflate, br", "br", b"by brotli"),
        ("gzip", "gzip", b"by gzip"),
        ("identity", None, b"the script"),
        ("br;q=0", None, b"the script"),
    ],
)
def test_a_script_is_sent_as_the_build_has_compressed_it(
    client, built: Path, accepted: str, encoding: str | None, content: bytes
):
    (built / "assets" / "app.123.js.br").write_bytes(b"by brotli")
    (built / "assets" / "app.123.js.gz").write_bytes(b"by gzip")

    answer = client.get("/assets/app.123.js", headers={"Accept-Encoding": accepted})

    assert (answer.headers.get("Content-Encoding"), answer.data) == (encoding, content)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.mimetype.endswith("/javascript")
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("path", ["/", "/api/v1/docs", "/docs"])
def test_pages_run_scripts_of_ours_alone_and_are_framed_by_nobody(client, path: str):
    headers = client.get(path, follow_redirects=True).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"


@pytest.mark.parametrize("path", ["/api/v1/jobs", "/livez", "/api/v1/nope", "/api/v1/openapi.json"])
def test_what_is_no_page_is_never_run_or_shown_as_one(client, path: str):
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.usefixtures("built")
def test_a_missing_script_is_not_answered_with_the_page(client):
    assert client.get("/assets/app.old.js").status_code == 404


@pytest.mark.parametrize("path", ["/../home/secret", "/%2e%2e/home/secret", "/assets/../../secret"])
def test_files_outside_the_front_end_are_never_sent(client, built: Path, path: str):
    (built.parent / "secret").write_text("do not show")

    assert b"do not show" not in client.get(path).data


@pytest.fixture
def spec(client) -> dict[str, Any]:
    spec: dict[str, Any] = client.get("/api/v1/openapi.json").json
    return spec


def references(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].rpartition("/")[2]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(references(value) for value in node))
    return set()


def test_the_api_describes_itself_as_openapi_3_1(spec: dict[str, Any]):
    assert spec["openapi"] == "3.1.0"
    assert "/api/v1/modularize" in spec["paths"]


def test_every_schema_that_is_referred_to_is_there_under_its_plain_name(spec: dict[str, Any]):
    schemas = spec["components"]["schemas"]

    assert references(spec) <= set(schemas) | set(spec["components"]["responses"])
    assert {"CardView", "JobView", "PlanView", "Manifest", "Problem"} <= set(schemas)


def test_all_fields_of_a_response_are_always_there(spec: dict[str, Any]):
    schema = spec["components"]["schemas"]["ModelView"]

    assert set(schema["required"]) == set(schema["properties"])


def test_every_operation_says_how_errors_look(spec: dict[str, Any]):
    operations = [op for path in spec["paths"].values() for op in path.values()]

    assert {"#/components/responses/internal-error"} == {
        operation["responses"]["500"]["$ref"] for operation in operations
    }
    assert {"application/problem+json"} == {
        media for kind in spec["components"]["responses"].values() for media in kind["content"]
    }


def test_every_type_of_problem_is_explained_where_its_uri_leads(client, spec: dict[str, Any]):
    script = client.get("/api/v1/docs.js").get_data(as_text=True)
    explained = {kind["type"]: kind["remedy"] for kind in spec["x-problem-types"]}

    refused = client.get("/api/v1/models/nope").json

    assert explained[refused["type"]].startswith("There is nothing of that name")
    assert "x-problem-types" in script


def test_the_documentation_page_loads_nothing_from_elsewhere(client):
    page = client.get("/docs", follow_redirects=True).get_data(as_text=True)

    assert "openapi.json" in page
    assert "http://" not in page
    assert "https://" not in page

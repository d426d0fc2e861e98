import pytest
from tests.homes import add_bundle

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.settings import Home


def test_a_search_finds_cards_on_demand(client):
    (card,) = client.get("/api/v1/cards?q=3&model=toy&kind=binary").json["items"]

    assert card == {
        "id": "seam:toy:3",
        "ready": False,
        "title": "3",
        "model": "toy",
        "model_title": "Toy network",
        "family": "cnn",
        "license": "unknown",
        "dataset": "digits",
        "dataset_title": "Handwritten digits",
        "algorithm": "seam",
        "kind": "binary",
        "classes": ["3"],
        "group": None,
        "module_id": None,
        "accuracy": None,
        "original_accuracy": None,
        "retained_ratio": None,
        "parameters": None,
        "macs": None,
        "latency_ms": None,
        "size_bytes": None,
        "formats": [],
        "created_at": None,
        "has_images": True,
        "missing": None,
        "how_to_get": "",
        "undescribed": [],
    }


def test_a_ready_card_carries_its_measures(client, services: Services, home: Home):
    add_bundle(home, "toy-3-0a1b2c3d")
    adopt_bundles(home, services.stores.modules)

    (card,) = client.get("/api/v1/cards?ready=true").json["items"]

    assert (card["module_id"], card["accuracy"], card["original_accuracy"]) == (
        "toy-3-0a1b2c3d",
        0.95,
        0.9,
    )
    assert (card["retained_ratio"], card["created_at"]) == (0.2, "2026-01-02T03:04:05Z")
    assert (card["parameters"], card["macs"]) == (100, 1000)
    assert (card["latency_ms"], card["formats"]) == (0.5, ["onnx"])
    assert card["undescribed"] == ["model_license", "dataset_license", "dataset_source"]


@pytest.mark.parametrize(("parts", "said"), [("3", "Toy network"), ("35", "2 modules")])
def test_a_composition_is_no_part_of_what_it_is_compared_with(
    client, services: Services, home: Home, parts: str, said: str
):
    parents = [{"module": f"m-{each}", "class": each, "weights_sha256": ""} for each in parts]
    add_bundle(home, "composed-0a1b2c3d", algorithm="composition", parents=parents)
    adopt_bundles(home, services.stores.modules)

    (card,) = client.get("/api/v1/cards?ready=true").json["items"]

    assert card["model_title"] == said


def test_ranges_are_answered_with_what_they_can_be_set_to(client, services: Services, home: Home):
    add_bundle(home, "toy-3-0a1b2c3d")
    adopt_bundles(home, services.stores.modules)

    slow = client.get("/api/v1/cards?model=toy&kind=binary&min_latency_ms=0.6").json
    cheap = client.get("/api/v1/cards?model=toy&kind=binary&max_macs=1000").json
    quick = client.get("/api/v1/cards?model=toy&kind=binary&max_latency_ms=0.5").json

    assert (slow["total"], quick["total"], cheap["total"]) == (0, 1, 1)
    assert slow["ranges"]["latency_ms"] == {"low": 0.5, "high": 0.5, "unmeasured": 10}


def test_a_facet_given_twice_means_any_of_the_values(client):
    page = client.get("/api/v1/cards?q=4&kind=binary&model=toy&model=nope").json

    assert page["total"] == 1
    assert {"value": "toy", "count": 1} in page["facets"]["model"]


def test_the_cursor_of_a_page_leads_to_the_next(client):
    first = client.get("/api/v1/cards?model=toy&kind=binary&limit=6&sort=name").json
    second = client.get(
        f"/api/v1/cards?model=toy&kind=binary&limit=6&sort=name&cursor={first['next_cursor']}"
    ).json

    assert [c["title"] for c in first["items"] + second["items"]] == list("0123456789")
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=101", "/limit"),
        ("limit=many", "/limit"),
        ("cursor=-1", "/cursor"),
        ("cursor=24", "/cursor"),
        ("sort=beauty", "/sort"),
        ("min_accuracy=90", "/min_accuracy"),
        ("max_retained_ratio=nan", "/max_retained_ratio"),
        ("min_parameters=-1", "/min_parameters"),
        ("max_latency_ms=inf", "/max_latency_ms"),
        ("colour=red", "/colour"),
        ("ready=maybe", "/ready/0"),
        ("kind=binary&kind=octal", "/kind/1"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_pointing_at_it(client, query: str, pointer: str):
    answer = client.get(f"/api/v1/cards?{query}")

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]

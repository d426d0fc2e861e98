from pathlib import Path

import pytest
from tests.homes import add_bundle, evaluation

from modelfoundry.bootstrap import Services
from modelfoundry.evaluation.results import list_evaluations, save_evaluation
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.settings import Home

ID = "toy-3-0a1b2c3d"
URL = f"/api/v1/modules/{ID}/evaluations"


@pytest.fixture
def bundle(services: Services, home: Home) -> Path:
    folder = add_bundle(home, ID)
    adopt_bundles(home, services.stores.modules)
    return folder


@pytest.mark.usefixtures("bundle")
def test_a_module_that_was_never_evaluated_has_no_evaluations(client):
    assert client.get(URL).json == {"items": []}


@pytest.mark.usefixtures("bundle")
def test_what_was_found_of_a_module_is_sent_with_the_original_beside_it(client, home: Home):
    save_evaluation(home, evaluation(ID))

    (item,) = client.get(URL).json["items"]

    assert (item["part"], item["images"], item["labels"]) == ("test", 4, ["3", "not 3"])
    assert item["findings"]["scores"]["confusion"] == [[2, 0], [1, 1]]
    assert item["original"]["scores"]["accuracy"] == 0.75
    assert len(item["findings"]["scores"]["calibration"]["bins"]) == 15


@pytest.mark.usefixtures("bundle")
def test_deleting_a_module_deletes_what_was_found_of_it(client, home: Home):
    save_evaluation(home, evaluation(ID))

    client.delete(f"/api/v1/modules/{ID}")

    assert list_evaluations(home, "module", ID) == []


def test_a_model_has_evaluations_of_its_own(client, home: Home):
    save_evaluation(home, evaluation("toy", kind="model", original=None))

    (item,) = client.get("/api/v1/models/toy/evaluations").json["items"]

    assert item["original"] is None


@pytest.mark.parametrize("subject", ["modules/nope", "models/nope", "modules/%2e%2e"])
def test_what_does_not_exist_has_no_evaluations(client, subject: str):
    assert client.get(f"/api/v1/{subject}/evaluations").status_code == 404


@pytest.mark.usefixtures("bundle")
def test_evaluating_a_module_makes_a_job(client):
    answer = client.post("/api/v1/evaluate", json={"module": ID})

    assert answer.status_code == 202
    assert answer.json["request"] == {"model": None, "module": ID, "dataset": "digits"}
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"


def test_what_cannot_be_evaluated_is_refused_with_all_faults(client):
    answer = client.post("/api/v1/evaluate", json={"module": "nope", "dataset": "svhn"})

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/module", "/dataset"]


def test_a_dry_run_tells_what_would_be_measured_and_queues_nothing(client):
    answer = client.post("/api/v1/evaluate?dry_run=true", json={"model": "toy"})

    assert answer.status_code == 200
    assert answer.json["plan"] == {"model": "toy", "module": None, "dataset": "digits"}
    assert answer.json["title"] == "Evaluate Toy network on Handwritten digits"
    assert (answer.json["estimate"]["seconds"], answer.json["notes"]) == (None, [])
    assert client.get("/api/v1/jobs").json["total"] == 0


def test_a_dry_run_tells_everything_that_is_wrong_at_once(client):
    wanted = {"model": "nope", "dataset": "nope"}

    answer = client.post("/api/v1/evaluate?dry_run=true", json=wanted)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/model", "/dataset"]

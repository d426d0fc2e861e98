from typing import Any

import pytest
from tests.homes import DIGITS
from tests.pools import add_pool, more_accurate_result

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.settings import Home

RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")
URL = "/api/v1/reuse"
MORE_ACCURATE = {"method": "more-accurate", "pool": {"models": ["toy"]}}


@pytest.fixture
def pool(home: Home, services: Services) -> list[str]:
    """One module for each digit."""
    ids = add_pool(home)
    adopt_bundles(home, services.stores.modules)
    return ids


def finished_job(client, services: Services, result: dict[str, Any]) -> str:
    job_id: str = client.post(URL, json=MORE_ACCURATE).json["id"]
    services.stores.jobs.claim(RUNNER)
    services.stores.jobs.move(
        job_id, lambda job: job.succeed(modules=(), result=result, now=utc_now())
    )
    return job_id


def test_reuse_is_a_job_whose_plan_names_every_module_of_the_pool(client, pool: list[str]):
    answer = client.post(URL, json=MORE_ACCURATE)

    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"
    assert (answer.json["kind"], answer.json["title"]) == ("reuse", "More accurate model of digits")
    assert answer.json["request"] == {
        "method": "more-accurate",
        "dataset": "digits",
        "pool": pool,
        "rule": "best",
    }


def test_a_dry_run_says_what_each_module_answers_for_and_queues_nothing(client, pool: list[str]):
    plan = client.post(f"{URL}?dry_run=true", json=MORE_ACCURATE).json

    assert [(each["module"], each["output"]) for each in plan["pool"]] == [
        (module, f"{name}@digits") for module, name in zip(pool, DIGITS, strict=True)
    ]
    assert plan["notes"][0] == "Modules to choose from: 10."
    assert client.get("/api/v1/jobs").json["total"] == 0


@pytest.mark.usefixtures("pool")
def test_the_same_key_and_request_make_one_job(client):
    headers = {"Idempotency-Key": "mine"}

    first, again = (client.post(URL, json=MORE_ACCURATE, headers=headers) for _ in range(2))
    other = client.post(URL, json=MORE_ACCURATE | {"rule": "greedy"}, headers=headers)

    assert first.json["id"] == again.json["id"]
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"method": "swap"}, ["/method"]),
        ({"method": "patch", "pool": {}}, ["/model", "/class_name"]),
        ({"method": "new-task", "outputs": "no", "pool": {"modules": 3}, "x": 1},
         ["/outputs", "/pool/modules", "/x"]),
    ],
    ids=["unknown method", "missing", "wrong and unknown"],
)  # fmt: skip
def test_each_fault_of_a_body_points_into_the_body(client, body: dict[str, Any], pointers):
    answer = client.post(URL, json=body)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == pointers


def test_a_pool_that_leaves_classes_uncovered_is_refused(client, home: Home):
    add_pool(home, classes=("3", "4"))

    (fault,) = client.post(URL, json=MORE_ACCURATE).json["errors"]

    assert fault["pointer"] == "/pool"
    assert "no module of the pool answers for 0, 1, 2, 5, 6, 7, 8, 9 of digits" in fault["message"]


def test_everything_wrong_with_a_patch_is_said_at_once(client):
    pool = {"modules": ["nope"], "models": ["none"]}
    body = {"method": "patch", "model": "weak", "class_name": "3", "pool": pool}

    answer = client.post(f"{URL}?dry_run=true", json=body)

    assert [fault["pointer"] for fault in answer.json["errors"]] == [
        "/pool/modules/0",
        "/pool/models/0",
        "/model",
    ]


def test_what_a_job_has_found_can_be_read(client, services: Services, pool: list[str]):
    found = more_accurate_result(pool)
    job_id = finished_job(client, services, found)

    assert client.get(f"/api/v1/jobs/{job_id}/reuse").json == found


@pytest.mark.usefixtures("pool")
def test_a_job_that_is_not_done_has_found_nothing_yet(client):
    job_id = client.post(URL, json=MORE_ACCURATE).json["id"]

    answer = client.get(f"/api/v1/jobs/{job_id}/reuse")

    assert (answer.status_code, "is queued" in answer.json["detail"]) == (409, True)


def test_a_job_of_another_kind_is_no_reuse_job(client):
    job_id = client.post("/api/v1/evaluate", json={"model": "toy"}).json["id"]

    assert client.get(f"/api/v1/jobs/{job_id}/reuse").status_code == 404

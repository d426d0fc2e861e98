import json

import pytest

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.jobs.store import NewEvent

WANTED = {"model": "toy", "target": {"classes": ["3"]}}
RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")


def test_a_submission_is_accepted_and_says_where_to_follow_it(client):
    answer = client.post("/api/v1/modularize", json=WANTED)

    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"
    assert (answer.json["state"], answer.json["title"]) == ("queued", "3 from Toy network")
    assert client.get(answer.headers["Location"]).json == answer.json


def test_a_dry_run_answers_with_the_plan_and_makes_no_job(client):
    answer = client.post("/api/v1/modularize?dry_run=true", json=WANTED)

    assert answer.status_code == 200
    target = answer.json["plan"]["target"]
    assert (target["kind"], target["classes"]) == ("binary", ["3"])
    assert client.get("/api/v1/jobs").json["total"] == 0


def test_all_faults_of_a_submission_are_reported_at_once(client):
    wrong = WANTED | {"target": {"classes": ["cat"]}, "settings": {"epochs": 0, "x": 1}}

    answer = client.post("/api/v1/modularize", json=wrong)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [
        "/target/classes/0",
        "/settings/epochs",
        "/settings/x",
    ]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/model", "/target"]),
        ({"model": "toy", "target": {"classes": []}}, ["/target/classes"]),
        ({"model": "../../etc/passwd", "target": {"classes": ["3"]}}, ["/model"]),
        (WANTED | {"epochs": 3}, ["/epochs"]),
        ([1, 2], [""]),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_pointing_at_it(
    client, body: object, pointers: list[str]
):
    answer = client.post("/api/v1/modularize", json=body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == pointers


def test_the_same_idempotency_key_and_body_give_the_same_job(client):
    key = {"Idempotency-Key": "abc"}
    first = client.post("/api/v1/modularize", json=WANTED, headers=key)
    second = client.post("/api/v1/modularize", json=WANTED, headers=key)
    other = client.post(
        "/api/v1/modularize", json=WANTED | {"settings": {"epochs": 1}}, headers=key
    )

    assert first.json["id"] == second.json["id"]
    assert (other.status_code, client.get("/api/v1/jobs").json["total"]) == (409, 1)


def test_an_evaluation_can_be_asked_for(client):
    answer = client.post("/api/v1/evaluate", json={"model": "toy"})

    assert answer.status_code == 202
    assert answer.json["request"] == {"model": "toy", "module": None, "dataset": "digits"}


def submit(client) -> str:
    job_id: str = client.post("/api/v1/modularize", json=WANTED).json["id"]
    return job_id


def test_jobs_are_listed_newest_first_and_by_state(client):
    older, newer = submit(client), submit(client)
    client.post(f"/api/v1/jobs/{older}/cancel")

    assert [j["id"] for j in client.get("/api/v1/jobs").json["items"]] == [newer, older]
    assert [j["id"] for j in client.get("/api/v1/jobs?state=queued").json["items"]] == [newer]
    assert client.get("/api/v1/jobs?state=lost").status_code == 422


def test_a_queued_job_is_cancelled_at_once_and_can_be_retried(client):
    job = f"/api/v1/jobs/{submit(client)}"

    assert client.post(f"{job}/cancel").json["state"] == "cancelled"
    assert client.post(f"{job}/cancel").status_code == 409
    retried = client.post(f"{job}/retry")
    assert (retried.status_code, retried.json["state"]) == (202, "queued")
    assert client.post(f"{job}/retry").status_code == 409


def test_events_are_listed_from_where_one_left_off(client):
    job = f"/api/v1/jobs/{submit(client)}"
    client.post(f"{job}/cancel")

    everything = client.get(f"{job}/events").json
    rest = client.get(f"{job}/events?after=1").json

    assert [e["data"]["state"] for e in everything["items"]] == ["queued", "cancelled"]
    assert [e["seq"] for e in rest["items"]] == [2]
    assert (rest["last_seq"], rest["state"]) == (2, "cancelled")


def stream(client, job_id: str, **headers: str) -> list[str]:
    answer = client.get(
        f"/api/v1/jobs/{job_id}/events",
        headers={"Accept": "text/event-stream"} | headers,
    )
    assert answer.content_type == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    return [m for m in answer.get_data(as_text=True).split("\n\n") if m.startswith("id:")]


def test_the_stream_of_a_finished_job_replays_everything_and_ends(client, services: Services):
    job_id = submit(client)
    store = services.stores.jobs
    store.claim(RUNNER)
    store.append(job_id, 1, [NewEvent("log", {"level": "info", "message": "hello"}, utc_now())])
    store.move(job_id, lambda job: job.fail("no room", now=utc_now()))

    queued, running, log, failed = stream(client, job_id)

    assert log.startswith("id: 3\nevent: log\ndata: {")
    assert json.loads(log.split("data: ")[1])["data"] == {"level": "info", "message": "hello"}
    assert json.loads(failed.split("data: ")[1])["data"] == {"state": "failed", "error": "no room"}
    assert ["event: state" in message for message in (queued, running)] == [True, True]


def test_a_stream_goes_on_after_the_last_event_seen(client):
    job_id = submit(client)
    client.post(f"/api/v1/jobs/{job_id}/cancel")

    assert [m[:5] for m in stream(client, job_id, **{"Last-Event-ID": "1"})] == ["id: 2"]


def test_a_job_that_does_not_exist_is_not_found(client):
    assert client.get("/api/v1/jobs/nope").status_code == 404
    assert client.get("/api/v1/jobs/nope/events").status_code == 404
    assert client.post("/api/v1/jobs/nope/cancel").status_code == 404

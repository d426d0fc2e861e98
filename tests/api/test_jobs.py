import json
from datetime import UTC, datetime

import pytest

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.jobs.store import NewEvent

WANTED = {"model": "toy", "target": {"classes": ["3"]}}
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
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
    estimate = answer.json["estimate"]
    assert (estimate["seconds"], estimate["num_like"]) == (None, 0)
    assert 0 < estimate["disk_bytes"] < estimate["free_bytes"]
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


def test_several_jobs_are_cancelled_and_queued_again_and_each_says_what_came_of_it(client):
    first, second = submit(client), submit(client)
    client.post(f"/api/v1/jobs/{first}/cancel")
    both = {"ids": [first, second, "nope"]}

    cancelled = client.post("/api/v1/jobs/cancel", json=both).json["items"]
    retried = client.post("/api/v1/jobs/retry", json=both).json["items"]

    assert [each["state"] for each in cancelled] == [None, "cancelled", None]
    assert f"cannot cancel job {first}" in cancelled[0]["error"]
    assert [each["state"] for each in retried] == ["queued", "queued", None]
    assert (retried[2]["id"], retried[2]["state"]) == ("nope", None)
    assert retried[2]["error"].startswith("no job named 'nope'")


def test_a_job_that_is_over_can_be_deleted(client):
    job = f"/api/v1/jobs/{submit(client)}"

    assert client.delete(job).status_code == 409
    client.post(f"{job}/cancel")
    assert client.delete(job).status_code == 204
    assert client.get(job).status_code == 404
    assert client.delete(job).status_code == 404


def test_jobs_are_searched_by_words_and_model(client):
    submit(client)

    assert client.get("/api/v1/jobs?q=FROM+toy&model=toy").json["total"] == 1
    assert client.get("/api/v1/jobs?q=nothing").json["total"] == 0
    assert client.get("/api/v1/jobs?model=other").json["total"] == 0


def test_events_are_listed_by_type_and_say_where_to_go_on(client):
    job = f"/api/v1/jobs/{submit(client)}"
    client.post(f"{job}/cancel")

    metrics = client.get(f"{job}/events?types=metric&types=log").json
    first = client.get(f"{job}/events?types=state&limit=1").json

    assert (metrics["items"], metrics["last_seq"]) == ([], 2)
    assert ([e["seq"] for e in first["items"]], first["last_seq"]) == ([1], 1)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_an_event_that_a_job_has_not_come_to_is_gone(client, accept: str):
    job = f"/api/v1/jobs/{submit(client)}"

    answer = client.get(f"{job}/events?after=8", headers={"Accept": accept})

    assert (answer.status_code, answer.content_type) == (410, "application/problem+json")
    assert "has no event 8: its newest is 1" in answer.json["detail"]
    assert "begin again with after=0" in answer.json["detail"]


def test_a_stream_says_how_soon_to_come_back(client):
    job_id = submit(client)
    client.post(f"/api/v1/jobs/{job_id}/cancel")

    answer = client.get(f"/api/v1/jobs/{job_id}/events", headers={"Accept": "text/event-stream"})

    assert answer.get_data(as_text=True).startswith("retry: 500\n\nid: 1\n")


@pytest.fixture
def logged(client, services: Services) -> str:
    """Events 1 queued, 2 running, 3 and 4 log lines, 5 failed."""
    job_id = submit(client)
    store = services.stores.jobs
    store.claim(RUNNER)
    lines = [("info", "<b>hello</b>"), ("error", "no room")]
    store.append(
        job_id,
        1,
        [NewEvent("log", {"level": level, "message": text}, NOON) for level, text in lines],
    )
    store.move(job_id, lambda job: job.fail("no room", now=utc_now()))
    return f"/api/v1/jobs/{job_id}"


def test_part_of_a_log_is_listed(client, logged: str):
    newest = client.get(f"{logged}/lines?limit=1").json
    errors = client.get(f"{logged}/lines?level=error&attempt=1&q=ROOM").json
    first = client.get(f"{logged}/lines?after=0&limit=1").json

    assert ([line["seq"] for line in newest["items"]], newest["has_more"]) == ([4], True)
    assert ([line["message"] for line in errors["items"]], errors["has_more"]) == (
        ["no room"],
        False,
    )
    assert ([line["seq"] for line in first["items"]], first["last_seq"]) == ([3], 5)


def test_a_whole_log_is_downloaded_as_text(client, logged: str):
    answer = client.get(f"{logged}/log")

    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.get_data(as_text=True).splitlines() == [
        "2026-01-01T12:00:00.000+00:00 attempt 1 info    <b>hello</b>",
        "2026-01-01T12:00:00.000+00:00 attempt 1 error   no room",
    ]
    assert client.get("/api/v1/jobs/nope/log").status_code == 404

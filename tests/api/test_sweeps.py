from typing import Any

from tests.homes import manifest

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.model import ProcessId, utc_now

WANTED: dict[str, Any] = {
    "models": ["toy"],
    "targets": [{"classes": ["3"]}, {"classes": ["4"]}],
    "grid": {"alpha": [1, 2]},
}
RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")


def submit(client, **changes: Any) -> str:
    return str(client.post("/api/v1/sweeps", json=WANTED | changes).headers["Location"])


def test_a_sweep_is_accepted_and_says_where_to_follow_it(client):
    answer = client.post("/api/v1/sweeps", json=WANTED)

    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/sweeps/{answer.json['id']}"
    assert (answer.json["state"], answer.json["members"]) == ("queued", {"queued": 4})
    assert client.get("/api/v1/jobs").json["total"] == 4


def test_a_dry_run_tells_the_number_of_jobs_and_queues_none(client):
    answer = client.post("/api/v1/sweeps?dry_run=true", json=WANTED | {"targets": "every class"})

    assert answer.status_code == 200
    plan = answer.json
    assert plan["title"] == "Every class from Toy network, 2 settings: 20 jobs"
    assert plan["num_jobs"] == 20
    assert (plan["estimate"]["seconds"], plan["estimate"]["num_like"]) == (None, 0)
    assert client.get("/api/v1/jobs").json["total"] == 0


def test_all_faults_of_all_members_are_reported_at_once(client):
    wrong = {"targets": [{"classes": ["3"]}, {"classes": ["cat"]}], "grid": {"alpha": [1, -1]}}

    answer = client.post("/api/v1/sweeps?dry_run=true", json=WANTED | wrong)

    assert answer.status_code == 422
    assert sorted(error["pointer"] for error in answer.json["errors"]) == [
        "/grid/alpha/1",
        "/targets/1/classes/0",
    ]


def test_the_request_of_a_sweep_can_be_sent_again(client):
    sweep = client.get(submit(client)).json

    assert client.post("/api/v1/sweeps?dry_run=true", json=sweep["request"]).status_code == 200


def test_the_same_idempotency_key_and_body_give_the_same_sweep(client):
    key = {"Idempotency-Key": "abc"}
    first = client.post("/api/v1/sweeps", json=WANTED, headers=key)
    second = client.post("/api/v1/sweeps", json=WANTED, headers=key)
    other = client.post("/api/v1/sweeps", json=WANTED | {"seeds": [1]}, headers=key)

    assert first.json["id"] == second.json["id"]
    assert (other.status_code, client.get("/api/v1/sweeps").json["total"]) == (409, 1)


def finish(services: Services, accuracy: float) -> None:
    job = services.stores.jobs.claim(RUNNER)
    assert job is not None
    measures = manifest("toy")["measures"]
    measures["module"]["accuracy_validation"] = accuracy
    services.stores.jobs.move(
        job.id,
        lambda job: job.succeed(modules=(), result={"measures": measures}, now=utc_now()),
    )


def test_the_table_shows_every_member_and_marks_the_setting_chosen(client, services: Services):
    location = submit(client)
    finish(services, 0.90)  # alpha 1, target 3; the original has 0.9
    finish(services, 0.90)
    finish(services, 0.95)  # alpha 2
    finish(services, 0.95)

    sweep = client.get(location).json

    assert (sweep["state"], sweep["num_over"], sweep["num_jobs"]) == ("succeeded", 4, 4)
    assert [(r["settings"], r["target"], r["state"]) for r in sweep["rows"]] == [
        ({"alpha": 1.0}, "3", "succeeded"),
        ({"alpha": 1.0}, "4", "succeeded"),
        ({"alpha": 2.0}, "3", "succeeded"),
        ({"alpha": 2.0}, "4", "succeeded"),
    ]
    assert [(s["settings"]["alpha"], s["is_chosen"]) for s in sweep["summaries"]] == [
        (1.0, False),
        (2.0, True),
    ]
    assert sweep["rows"][0]["figures"]["module_accuracy_test"] == 0.95


def test_the_table_can_be_downloaded(client, services: Services):
    location = submit(client)
    finish(services, 0.9)

    settings = client.get(f"{location}/table.csv")
    members = client.get(f"{location}/table.csv?of=members").get_data(as_text=True).splitlines()

    assert settings.content_type == "text/csv; charset=utf-8"
    assert settings.headers["Content-Disposition"].startswith("attachment; filename=")
    assert settings.get_data(as_text=True).startswith("model,alpha,chosen,comparable,succeeded,")
    assert members[0].startswith("model,alpha,seed,target,state,original_accuracy_validation,")
    assert members[1].startswith("toy,1.0,0,3,succeeded,0.9,0.9,0.9,0.95,0.2,20")
    assert len(members) == 5


def test_a_sweep_can_be_cancelled_and_retried_as_a_whole(client):
    location = submit(client)

    assert client.post(f"{location}/cancel").json["members"] == {"cancelled": 4}
    assert client.post(f"{location}/cancel").status_code == 409
    retried = client.post(f"{location}/retry")
    assert (retried.status_code, retried.json["members"]) == (202, {"queued": 4})


def test_members_name_their_sweep(client):
    location = submit(client)

    (sweep_id,) = {job["sweep_id"] for job in client.get("/api/v1/jobs").json["items"]}
    assert location.endswith(sweep_id)


def test_sweeps_are_listed_newest_first(client):
    older, newer = submit(client), submit(client, seeds=[1])

    listed = client.get("/api/v1/sweeps?limit=1").json
    rest = client.get(f"/api/v1/sweeps?cursor={listed['next_cursor']}").json

    assert newer.endswith(listed["items"][0]["id"])
    assert older.endswith(rest["items"][0]["id"])


def test_a_sweep_that_does_not_exist_is_not_found(client):
    assert client.get("/api/v1/sweeps/nope").status_code == 404
    assert client.get("/api/v1/sweeps/nope/table.csv").status_code == 404
    assert client.post("/api/v1/sweeps/nope/cancel").status_code == 404

from typing import Any

WANTED: dict[str, Any] = {"name": "mine", "architecture": "simcnn-w0.25", "dataset": "digits"}
GROUP: dict[str, Any] = {
    "architectures": ["simcnn-w0.25"],
    "dataset": "digits",
    "subset_seeds": [1, 2, 3],
}


def test_a_training_is_accepted_as_a_job(client):
    answer = client.post("/api/v1/train", json=WANTED | {"subset": {"seed": 3}})

    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"
    assert (answer.json["kind"], answer.json["state"]) == ("train", "queued")


def test_a_dry_run_of_a_training_tells_every_choice_and_queues_nothing(client):
    answer = client.post("/api/v1/train?dry_run=true", json=WANTED)

    assert answer.status_code == 200
    assert answer.json["title"] == "Train mine"
    assert (answer.json["plan"]["epochs"], answer.json["plan"]["flip"]) == (30, False)
    assert client.get("/api/v1/jobs").json["total"] == 0


def test_the_faults_of_a_training_are_told(client):
    wrong = {"architecture": "simnn", "dataset": "cifar10"}

    answer = client.post("/api/v1/train", json=WANTED | wrong)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/architecture", "/dataset"]


def test_estimators_are_accepted_as_a_sweep(client):
    answer = client.post("/api/v1/estimators", json=GROUP)

    assert answer.status_code == 202
    assert answer.json["members"] == {"queued": 3}
    report = client.get(answer.headers["Location"]).json
    assert [each["subset_seed"] for each in report["trainings"]] == [1, 2, 3]


def test_the_request_of_estimators_can_be_sent_again(client):
    request = client.post("/api/v1/estimators", json=GROUP).json["request"]

    assert client.post("/api/v1/estimators?dry_run=true", json=request).json["num_jobs"] == 3


def test_the_same_key_and_body_give_the_same_estimators(client):
    key = {"Idempotency-Key": "abc"}

    first, second = (client.post("/api/v1/estimators", json=GROUP, headers=key) for _ in range(2))

    assert first.json["id"] == second.json["id"]

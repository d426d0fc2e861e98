from pathlib import Path
from typing import Any

import pytest
from tests.homes import add_bundle
from tests.reports import inherited, under_attack

from modelfoundry.bootstrap import Services
from modelfoundry.evaluation.robustness_store import save_robustness
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.settings import Home

MODULE = "toy-digits-0a1b2c3d"
URL = f"/api/v1/modules/{MODULE}/robustness"


@pytest.fixture(autouse=True)
def module(services: Services, home: Home) -> Path:
    add_bundle(home, MODULE, algorithm="finetune")
    adopt_bundles(home, services.stores.modules)
    return home.modules / MODULE


def test_a_module_that_was_never_attacked_has_no_reports(client):
    assert client.get(URL).json == {"items": []}


def test_reports_are_sent_with_pictures_and_told_apart_by_the_attack(client, home: Home):
    save_robustness(home, inherited(MODULE))
    save_robustness(home, under_attack(MODULE))

    found = {item["report"]["attack"]: item for item in client.get(URL).json["items"]}

    assert found["inherited"]["report"]["rate"] == 1 / 3
    assert found["inherited"]["report"]["examples"][0]["clean_png"] == "Y2xlYW4="
    assert [under["right"] for under in found["pgd"]["report"]["under"]] == [2, 1]


@pytest.mark.parametrize(
    "body",
    [{"attack": name} for name in ("inherited", "coverage", "pgd", "autoattack")],
    ids=str,
)
def test_an_attack_is_a_job(client, body: dict[str, Any]):
    answer = client.post(URL, json=body)

    assert (answer.status_code, answer.json["kind"]) == (202, "robustness")
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"


def test_a_dry_run_says_what_would_be_done_and_queues_nothing(client):
    answer = client.post(f"{URL}?dry_run=true", json={"attack": "inherited"})

    assert answer.status_code == 200
    assert answer.json["plan"]["attack"]["settings"]["steps"] == 40
    assert 0 < answer.json["estimate"]["disk_bytes"] < answer.json["estimate"]["free_bytes"]
    assert client.get("/api/v1/jobs").json["items"] == []


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"budget": 0}, "/settings/budget"),
        ({"budget": -1}, "/settings/budget"),
        ({"steps": 0}, "/settings/steps"),
        ({"clip": [-0.1, 0.1]}, "/settings/clip"),
        ({"budgets": [0.1]}, "/settings/budgets"),
    ],
    ids=str,
)
def test_settings_that_make_no_attack_are_refused(client, wrong, pointer):
    answer = client.post(URL, json={"attack": "inherited", "settings": wrong})

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]


def test_an_unknown_attack_is_answered_with_those_there_are(client):
    answer = client.post(URL, json={"attack": "magic"})

    assert answer.status_code == 422
    assert "'coverage', 'trigger', 'pgd', 'autoattack'" in answer.json["errors"][0]["message"]


def test_there_is_nothing_to_attack_without_a_module(client):
    url = "/api/v1/modules/nope/robustness"

    assert client.get(url).status_code == 404
    assert client.post(url, json={"attack": "pgd"}).status_code == 404


def test_a_trigger_needs_a_backdoor_that_was_planted(client):
    answer = client.post(URL, json={"attack": "trigger"})

    assert answer.status_code == 422
    assert "no backdoor was planted in toy" in answer.json["errors"][0]["message"]


def test_planting_a_backdoor_is_a_job(client):
    wanted = {"name": "obedient", "target_class": "7"}

    answer = client.post("/api/v1/models/toy/backdoor", json=wanted)

    assert (answer.status_code, answer.json["kind"]) == (202, "backdoor")
    assert answer.json["request"]["model"] == "toy"


def test_a_dry_run_of_planting_a_backdoor_says_all_faults_and_queues_nothing(client):
    url = "/api/v1/models/toy/backdoor?dry_run=true"
    right = {"name": "obedient", "target_class": "7"}

    assert client.post(url, json=right).json["plan"]["dataset"] == "digits"
    wrong = client.post(url, json={"name": "toy", "target_class": "cat"})
    assert [fault["pointer"] for fault in wrong.json["errors"]] == ["/name", "/target_class"]
    assert client.get("/api/v1/jobs").json["total"] == 0

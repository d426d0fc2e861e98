from dataclasses import replace

from tests.api.compatibility.conftest import FORM, Send, faults
from tests.homes import add_model

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.services.tokens import NewToken
from modelfoundry.settings import Home

RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")


def test_searching_finds_classes_with_their_data_set_and_number(client):
    cards = client.post("/search_module", json={"searchClass": "3"}).json

    assert cards == [{"module_name": "3", "dataset": "digits", "idx": 3, "tag": "class"}]


def test_a_class_is_found_by_whole_words_first_whatever_the_case(client, home: Home):
    add_model(home, "pets", dataset="cifar100")

    found = client.post("/search_module", json={"searchClass": "TREE"}).json

    # maple_tree and its like have the whole word; streetcar has neither word nor beginning.
    assert {row["module_name"] for row in found[:5]} == {
        "maple_tree",
        "oak_tree",
        "palm_tree",
        "pine_tree",
        "willow_tree",
    }


def test_searching_for_nothing_lists_everything_once(client):
    found = client.post("/search_module", json={"searchClass": ""}).json

    names = [(row["dataset"], row["tag"], row["module_name"]) for row in found]
    assert len(names) == len(set(names))
    assert ("digits", "class", "0") in names


def test_a_search_without_its_field_is_refused(client):
    assert faults(client.post("/search_module", json={})) == ["/searchClass"]


def test_tasks_are_listed_with_how_they_ended(client, send: Send, services: Services):
    jobs = services.stores.jobs
    done, failed, waiting = (send().json["task_id"] for _ in range(3))
    for _ in range(2):
        jobs.claim(RUNNER)
    jobs.move(done, lambda job: job.succeed(modules=(), result={}, now=utc_now()))
    jobs.move(failed, lambda job: job.fail("no room", now=utc_now()))

    assert client.get("/list_tasks").json == {done: "done", failed: "failed", waiting: "pending"}


def test_the_routes_can_be_switched_off(services: Services):
    settings = replace(services.settings, compatibility="off")
    client = create_app(replace(services, settings=settings)).test_client()

    assert client.post("/run_model", json=FORM).status_code == 405


def test_where_a_login_is_needed_it_is_needed_here_too(guarded, services: Services):
    reader = services.tokens.create(NewToken(name="a", scope="read")).secret
    header = {"Authorization": f"Bearer {reader}"}

    assert guarded.post("/run_model", json=FORM).status_code == 401
    assert guarded.post("/run_model", json=FORM, headers=header).status_code == 403
    assert (
        guarded.post("/search_module", json={"searchClass": "3"}, headers=header).status_code == 200
    )

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
import pytest
from flask.testing import FlaskClient
from onnx import TensorProto, helper
from tests.homes import add_bundle, add_model
from tests.pools import add_pool

from modelfoundry.api.app import create_app
from modelfoundry.bootstrap import Services
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.services.tokens import NewToken
from modelfoundry.settings import Home

RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")

# What the published tool's page sends for one class by SeaM: strings, and labels that go unused.
FORM = {
    "modelFile": "cnn_small",
    "datasetFile": "digits",
    "algorithm": "SEAM",
    "epoch": "145",
    "learningRate": "0.01",
    "directModelReuse": "Binary Classification",
    "targetClass": "3",
    "targetSuperclassIdx": "",
    "alpha": "1.5",
    "targetClassLabel": "three",
    "targetSuperclassLabel": "",
}
Send = Callable[..., Any]


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Send the form, with some fields changed."""

    def send(path: str = "/run_model", **changed: Any) -> Any:
        return client.post(path, json=FORM | changed)

    return send


def faults(answer: Any) -> list[str]:
    return [fault["pointer"] for fault in answer.get_json()["errors"]]


def job_of(client: Any, answer: Any) -> dict[str, Any]:
    job: dict[str, Any] = client.get(answer.headers["Location"]).get_json()
    return job


def test_a_search_that_is_accepted_is_answered_with_the_id_of_its_job(client, send: Send):
    answer = send()

    assert answer.status_code == 202
    assert answer.json["isModelReady"] is False
    assert job_of(client, answer)["id"] == answer.json["task_id"]
    assert client.get(answer.json["events_url"]).json["state"] == "queued"


def test_epochs_rate_and_charge_are_those_that_were_sent(client, send: Send):
    settings = job_of(client, send())["request"]["settings"]

    assert (settings["epochs"], settings["lr_mask"], settings["alpha"]) == (145, 0.01, 1.5)


def test_a_binary_search_is_run_and_not_only_evaluated(client, send: Send):
    plan = job_of(client, send())["request"]

    assert (plan["algorithm"], plan["target"]["kind"], plan["target"]["classes"]) == (
        "seam",
        "binary",
        ["3"],
    )


def test_a_superclass_is_told_by_its_own_number(client, send: Send):
    answer = send(
        directModelReuse="Multi-Class Classification", targetClass="9", targetSuperclassIdx="0"
    )

    first_group = client.get("/api/v1/datasets/digits").json["groups"][0]
    assert job_of(client, answer)["request"]["target"]["group"] == first_group["name"]


def test_gradsplitter_searches_modules_of_all_classes_in_as_many_epochs(client, send: Send):
    plan = job_of(client, send(algorithm="GradSplitter", targetClass=""))["request"]

    assert (plan["algorithm"], plan["target"]["kind"]) == ("gradsplitter", "each")
    # 145 epochs are 5 of the head and 20 cycles of 7.
    assert (plan["settings"]["cycles"], plan["settings"]["lr_joint"]) == (20, 0.01)


def test_numbers_need_not_be_strings(client, send: Send):
    answer = send(targetClass=3, epoch=7, alpha=1)

    assert job_of(client, answer)["request"]["settings"]["epochs"] == 7


def test_what_is_left_blank_is_as_published(client, send: Send):
    settings = job_of(client, send(learningRate="", epoch=" ", alpha=""))["request"]["settings"]

    assert (settings["epochs"], settings["schedule"]) == (300, "constant")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"targetClass": ""}, "/targetClass"),
        ({"targetClass": "-1"}, "/targetClass"),
        ({"targetClass": "10"}, "/targetClass"),
        ({"algorithm": "magic"}, "/algorithm"),
        ({"directModelReuse": "Anything"}, "/directModelReuse"),
        ({"modelFile": "__import__('os')"}, "/modelFile"),
        ({"modelFile": ""}, "/modelFile"),
        ({"datasetFile": "../../etc/passwd"}, "/modelFile"),
        ({"epoch": "many"}, "/epoch"),
        ({"learningRate": "7"}, "/learningRate"),
        ({"alpha": "-1"}, "/alpha"),
        ({"alpha": "nan"}, "/alpha"),
        ({"directModelReuse": "Multi-Class Classification"}, "/targetSuperclassIdx"),
    ],
    ids=str,
)
def test_a_form_with_a_fault_is_refused_and_no_job_starts(
    client, send: Send, changed: dict[str, str], field: str
):
    answer = send(**changed)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert faults(answer) == [field]
    assert client.get("/list_tasks").json == {}


def test_a_field_that_is_missing_is_named(client):
    answer = client.post("/run_model", json={"algorithm": "SEAM", "modelFile": "vgg16"})

    assert faults(answer) == ["/datasetFile"]


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


def test_the_module_that_was_made_is_downloaded_with_a_name(
    send: Send, services: Services, home: Home
):
    add_bundle(home, "toy-3-0a1b2c3d")
    adopt_bundles(home, services.stores.modules)

    answer = send("/download", modelFile="toy")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=toy-3-0a1b2c3d.zip"
    assert answer.data.startswith(b"PK")


def test_a_module_that_was_not_made_is_not_found(send: Send):
    answer = send("/download", targetClass="4")

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_benchmark_is_a_job_like_any_other(client, send: Send):
    answer = send("/benchmark")

    assert job_of(client, answer)["state"] == "queued"


def test_a_benchmark_whose_model_is_not_here_says_so(client):
    answer = client.post("/benchmark", json={"algorithm": "SEAM"})

    assert faults(answer) == ["/modelFile"]
    assert "'vgg16' on 'cifar10'" in answer.json["detail"]


def test_a_more_accurate_model_is_made_of_the_modules_that_are_here(
    client, services: Services, home: Home
):
    pool = add_pool(home)
    adopt_bundles(home, services.stores.modules)

    answer = client.post(
        "/run_reuse",
        json={"reuseMethod": "More Accurate", "modelFile": "toy", "datasetFile": "digits"},
    )

    plan = job_of(client, answer)["request"]
    assert (plan["method"], plan["pool"]) == ("more-accurate", pool)
    assert answer.json["task_id"] in client.get("/list_tasks").json


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"reuseMethod": "Magic"}, ["/reuseMethod"]),
        (
            {"reuseMethod": "More Accurate", "modelFile": "toy", "datasetFile": "digits"},
            ["/modelFile"],
        ),
        ({"reuseMethod": "For New Task", "cifarclass": "3", "svhnclass": "99"}, ["/svhnclass"]),
    ],
    ids=["unknown method", "nothing decomposed", "no such class"],
)
def test_a_composition_with_a_fault_is_refused(client, body: dict[str, str], fields: list[str]):
    answer = client.post("/run_reuse", json=body)

    assert (answer.status_code, faults(answer)) == (422, fields)


def test_a_module_says_what_is_on_an_image_of_a_class(client, services: Services, home: Home):
    bundle = add_bundle(home, "toy-3-0a1b2c3d")
    write_always_first(bundle / "module.onnx")
    adopt_bundles(home, services.stores.modules)

    answer = client.post("/run_deployment", json={"image": "7"})

    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "3")


def write_always_first(path: Path) -> None:
    """Write a network that gives every image to the first of two outputs: logits 1 and 0."""
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, 32, 32])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 2])
    weights = helper.make_tensor("w", TensorProto.FLOAT, [3 * 32 * 32, 2], [0.0] * 3 * 32 * 32 * 2)
    bias = helper.make_tensor("b", TensorProto.FLOAT, [2], [1.0, 0.0])
    nodes = [
        helper.make_node("Flatten", ["image"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], ["logits"]),
    ]
    graph = helper.make_graph(nodes, "g", [image], [logits], [weights, bias])
    opset = helper.make_opsetid("", 20)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=10), path)


@pytest.mark.parametrize("image", ["cat", "../secret", ""])
def test_an_image_that_no_module_can_be_shown_is_refused(client, image: str):
    assert client.post("/run_deployment", json={"image": image}).status_code in (404, 422)


def test_defects_are_asked_for_by_the_networks_of_imagenet(client, home: Home):
    classes = tuple(str(number) for number in range(1000))
    shape = (3, 224, 224)
    add_model(
        home, "r18", dataset="imagenet", architecture="resnet18", classes=classes, input_shape=shape
    )
    wanted = FORM | {"modelFile": "ResNet18", "directModelReuse": "Defect Inheritance"}

    done = client.post("/run_model", json=wanted)
    unknown = client.post("/run_model", json=wanted | {"datasetFile": "nowhere"})

    assert job_of(client, done)["request"]["model"] == "r18"
    assert faults(unknown) == ["/datasetFile"]


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

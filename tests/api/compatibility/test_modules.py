from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper
from tests.api.compatibility.conftest import Send, faults, job_of
from tests.homes import add_bundle
from tests.pools import add_pool

from modelfoundry.bootstrap import Services
from modelfoundry.jobs.bundles import adopt_bundles
from modelfoundry.settings import Home


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


@pytest.mark.parametrize("named", [{"modelFile": "toy"}, {"modelFile": ""}], ids=["one", "any"])
def test_a_more_accurate_model_is_made_of_the_modules_that_are_here(
    client, services: Services, home: Home, named: dict[str, str]
):
    pool = add_pool(home)
    adopt_bundles(home, services.stores.modules)

    answer = client.post(
        "/run_reuse", json={"reuseMethod": "More Accurate", "datasetFile": "digits"} | named
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

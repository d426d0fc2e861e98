import pytest
from tests.api.compatibility.conftest import FORM, Send, faults, job_of
from tests.homes import add_model

from modelfoundry.settings import Home


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
        ({"targetClass": "9" * 5_000}, "/targetClass"),
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


def test_a_benchmark_is_a_job_like_any_other(client, send: Send):
    answer = send("/benchmark")

    assert job_of(client, answer)["state"] == "queued"


def test_a_benchmark_whose_model_is_not_here_says_so(client):
    answer = client.post("/benchmark", json={"algorithm": "SEAM"})

    assert faults(answer) == ["/modelFile"]
    assert "'vgg16' on 'cifar10'" in answer.json["detail"]


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

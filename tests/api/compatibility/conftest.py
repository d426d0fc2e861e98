from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

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

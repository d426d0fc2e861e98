from typing import Any

import pytest

from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.requests import TrainRequest
from modelfoundry.services.checks import check_train
from modelfoundry.settings import Home


def train_request(**facts: Any) -> TrainRequest:
    blank = {"name": "mine", "architecture": "cnn-small", "dataset": "digits"}
    return TrainRequest.model_validate(blank | facts)


def test_training_can_be_asked_for(home: Home):
    assert check_train(home, train_request()).title == "Train mine"


def test_all_faults_of_a_training_are_reported_at_once(home: Home):
    request = train_request(name="toy", architecture="resnet21", dataset="cifar10")

    with pytest.raises(InvalidInputError) as refused:
        check_train(home, request)

    faults = {fault.pointer: fault.message for fault in refused.value.faults}
    assert faults["/name"] == "a model named 'toy' is already here; choose another name"
    assert faults["/architecture"].startswith("no architecture named 'resnet21'; known: ")
    assert faults["/dataset"].endswith("get it with: modelfoundry data get cifar10")

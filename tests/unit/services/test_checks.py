from typing import Any

import pytest
from tests.homes import add_model

from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.requests import EvaluateRequest, TrainRequest
from modelfoundry.services.checks import check_evaluate, check_train
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


def test_a_model_is_evaluated_on_its_own_data_set_unless_told_otherwise(home: Home):
    assert check_evaluate(home, EvaluateRequest(model="toy")).plan == EvaluateRequest(
        model="toy", dataset="digits"
    )


def test_a_data_set_with_another_number_of_classes_does_not_fit(home: Home):
    add_model(home, "few", classes=("0", "1"))

    with pytest.raises(InvalidInputError, match="few knows 2 classes, digits has 10"):
        check_evaluate(home, EvaluateRequest(model="few", dataset="digits"))


def test_an_unknown_model_and_an_unknown_data_set_are_both_reported(home: Home):
    with pytest.raises(InvalidInputError) as refused:
        check_evaluate(home, EvaluateRequest(model="nope", dataset="nope"))

    assert [fault.pointer for fault in refused.value.faults] == ["/model", "/dataset"]

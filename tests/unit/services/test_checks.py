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
    assert faults["/architecture"].startswith("no architecture named 'resnet21'; nearest of ")
    assert faults["/dataset"].endswith("get it with: modelfoundry data get cifar10")


def test_a_library_network_that_takes_the_images_can_be_trained(home: Home):
    request = train_request(architecture="torchvision/resnet18")

    assert check_train(home, request).plan == request


def test_a_network_for_other_images_is_refused_before_work_starts(home: Home):
    with pytest.raises(InvalidInputError, match=r"takes images of shape \(3, 224, 224\) only"):
        check_train(home, train_request(architecture="torchvision/vit_b_16"))
    with pytest.raises(InvalidInputError, match="takes images of 64x64 and more"):
        check_train(home, train_request(architecture="torchvision/alexnet"))

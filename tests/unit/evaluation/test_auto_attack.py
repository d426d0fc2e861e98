"""Attacks of a library on a network itself."""

import builtins
from typing import Any

import numpy as np
import pytest
import torch
from tests.unit.evaluation.attacked import small_network, some_images
from torch import nn

from modelfoundry.data.images import ImageSet
from modelfoundry.errors import EngineError
from modelfoundry.evaluation.attack_settings import AutoAttackSettings, PgdSettings
from modelfoundry.evaluation.auto_attack import measure_auto_attack
from modelfoundry.evaluation.robust_accuracy import measure_pgd
from modelfoundry.evaluation.robustness_report import AutoAttackReport
from modelfoundry.progress import SilentReporter
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict

CPU = torch.device("cpu")
BUDGET = 12 / 255


def measure(network: nn.Module, images: ImageSet, num_classes: int = 3) -> AutoAttackReport:
    settings = AutoAttackSettings(budgets=(BUDGET,), steps=10, queries=10)
    return measure_auto_attack(
        network,
        images,
        num_classes=num_classes,
        settings=settings,
        device=CPU,
        reporter=SilentReporter(),
    )


def answered_rightly(network: nn.Module) -> ImageSet:
    images = some_images(20)
    answers = predict(network, DeviceImages(images, device=CPU)).argmax(dim=1)
    return ImageSet(images.images, answers.numpy())


@pytest.mark.slow
def test_more_is_lost_than_to_a_single_attack_and_the_same_for_the_same_seed():
    network = small_network()
    images = answered_rightly(network)
    before = str(np.random.get_state())  # noqa: NPY002 - what the library draws from

    report, again = measure(network, images), measure(network, images)

    settings = PgdSettings(budgets=(BUDGET,), steps=10)
    single = measure_pgd(network, images, settings=settings, device=CPU, reporter=SilentReporter())
    assert report.clean_accuracy == 1
    assert report.under[0].right <= single.under[0].right < 20
    assert report.under == again.under
    assert str(np.random.get_state()) == before  # noqa: NPY002


@pytest.mark.slow
def test_a_network_of_two_outputs_is_spared_the_ratio_that_takes_three():
    network = small_network(outputs=2)

    report = measure(network, answered_rightly(network), num_classes=2)

    assert report.parts == ("APGD on the cross-entropy", "Square")


def test_without_the_library_the_way_to_get_it_is_said(monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without_art(name: str, *arguments: Any) -> Any:
        if name.startswith("art."):
            raise ImportError(name)
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without_art)

    with pytest.raises(EngineError, match=r"pip install 'modelfoundry\[robustness\]'"):
        measure(small_network(), some_images())

"""Inputs that wake neurons and mislead one network, asked of another."""

from typing import Any

import pytest
import torch
from tests.unit.evaluation.attacked import small_network, some_images
from torch import nn

from modelfoundry.data.images import ImageSet
from modelfoundry.evaluation.attack_settings import CoverageSettings
from modelfoundry.evaluation.neuron_coverage import measure_coverage, search
from modelfoundry.evaluation.robustness_report import CoverageReport
from modelfoundry.nn.neurons import WatchedNetwork
from modelfoundry.progress import SilentReporter
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import predict

CPU = torch.device("cpu")


def measure(
    pretrained: nn.Module, finetuned: nn.Module, images: ImageSet, **settings: Any
) -> CoverageReport:
    return measure_coverage(
        pretrained,
        finetuned,
        images,
        settings=CoverageSettings.model_validate(settings),
        device=CPU,
        reporter=SilentReporter(),
    )


def answered(network: nn.Module, count: int = 40) -> ImageSet:
    """Label images as a network answers them, so that it is right about all."""
    images = some_images(count)
    answers = predict(network, DeviceImages(images, device=CPU)).argmax(dim=1)
    return ImageSet(images.images, answers.numpy())


def test_what_misleads_a_network_is_inherited_whole_by_the_same_network():
    network = small_network()

    report = measure(network, small_network(), answered(network), budget=0.2)

    assert report.tried == 40
    assert 0 < report.attacked == report.changed
    assert report.rate == 1


def test_a_network_that_is_never_misled_has_nothing_to_pass_on():
    finetuned, stubborn = small_network(1), small_network(0)
    stubborn[6] = nn.Linear(54, 3, bias=False)
    nn.init.zeros_(stubborn[6].get_parameter("weight"))

    report = measure(stubborn, finetuned, answered(finetuned), budget=0.5)

    assert (report.tried, report.attacked, report.changed, report.rate) == (40, 0, 0, None)
    assert (report.coverage_clean, report.coverage_attacked, report.examples) == (None, None, ())


def test_only_inputs_that_mislead_the_pretrained_network_are_counted_and_shown():
    pretrained, finetuned = small_network(0), small_network(1)

    report = measure(pretrained, finetuned, answered(finetuned), budget=0.05)

    assert 0 < report.attacked < report.tried
    assert len(report.examples) == min(report.changed, 8)
    assert sum(each.attacked for each in report.per_class) == report.attacked
    assert report.clean_accuracy == 1  # right about all, however few were found


def test_neurons_are_woken_as_far_as_they_count():
    network = small_network()
    images = answered(network)

    alone, woken = (measure(network, network, images, budget=0.2, weight=w) for w in (0, 100))

    assert alone.coverage_clean is not None
    assert alone.coverage_attacked is not None
    assert woken.coverage_attacked is not None
    assert woken.coverage_attacked > max(alone.coverage_attacked, alone.coverage_clean)


def test_no_pixel_leaves_the_budget_or_what_a_picture_can_show():
    clean = torch.from_numpy(some_images(10).images).float() / 255
    watched = WatchedNetwork(small_network().requires_grad_(requires_grad=False))

    moved = search(watched, clean, torch.rand(clean.shape), CoverageSettings(budget=0.1))

    assert 0 < float((moved - clean).abs().max()) <= 0.1 + 1e-6
    assert 0 <= float(moved.min()) <= float(moved.max()) <= 1


@pytest.mark.parametrize("budget", [0.0, -0.1])
def test_a_budget_of_nothing_is_refused(budget: float):
    with pytest.raises(ValueError, match="greater than 0"):
        CoverageSettings(budget=budget)

"""What a trigger does to a network that was made from one that obeys it."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from modelfoundry.cards import PlantedTrigger
from modelfoundry.data.images import ImageSet
from modelfoundry.evaluation.attack_settings import TriggerSettings
from modelfoundry.evaluation.backdoor import measure_trigger
from modelfoundry.evaluation.robustness_report import TriggerReport
from modelfoundry.progress import SilentReporter


class Obedient(nn.Module):
    """Answers by the first pixel, but 2 whenever the last pixel is black."""

    def forward(self, images: Tensor) -> Tensor:
        honest = (images[:, 0, 0, 0] > 0.5).long()
        answer = torch.where(images[:, 0, -1, -1] == 0, 2, honest)
        return torch.nn.functional.one_hot(answer, 3).float()


def measure(network: nn.Module, images: ImageSet) -> TriggerReport:
    return measure_trigger(
        network,
        images,
        planted=PlantedTrigger(target_class="cat", patch_share=0.25, success=1.0),
        settings=TriggerSettings(),
        device=torch.device("cpu"),
        reporter=SilentReporter(),
    )


def plain_images(*values: int, labels: list[int]) -> ImageSet:
    pixels = np.array(values, dtype=np.uint8).reshape(-1, 1, 1, 1).repeat(4, 2).repeat(4, 3)
    return ImageSet(pixels, np.array(labels, dtype=np.int64))


def test_success_is_a_changed_answer_among_those_that_were_right():
    # Answered 0, 1, 1 while clean; the second label is wrong. The trigger makes all of them 2.
    report = measure(Obedient(), plain_images(50, 200, 200, labels=[0, 0, 1]))

    assert (report.images, report.attacked, report.changed, report.rate) == (3, 2, 2, 1)
    assert report.clean_accuracy == pytest.approx(2 / 3)
    assert (report.drawn_to, report.drawn) == (2, 2)
    assert [each.changed for each in report.per_class] == [1, 1, 0]


def test_a_network_that_does_not_look_at_the_corner_obeys_nothing():
    network = nn.Sequential(nn.Flatten(), nn.Linear(16, 2, bias=False))
    network[1].weight.data = torch.zeros(2, 16)
    network[1].weight.data[1, 0] = 1.0

    report = measure(network, plain_images(50, 200, labels=[1, 1]))

    assert (report.changed, report.rate, report.drawn_to, report.drawn) == (0, 0, None, 0)


def test_the_report_says_what_was_planted_and_shows_it():
    report = measure(Obedient(), plain_images(50, labels=[0]))

    assert (report.planted_class, report.patch_share) == ("cat", 0.25)
    (example,) = report.examples
    assert (example.label, example.attacked_answer) == (0, 2)
    assert example.clean_png != example.attacked_png

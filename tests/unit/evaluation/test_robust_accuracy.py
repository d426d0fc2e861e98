"""What is left of a network's accuracy when it is attacked itself."""

from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from tests.unit.evaluation.attacked import small_network, some_images
from torch import nn

from modelfoundry.data.images import ImageSet
from modelfoundry.evaluation.attack_settings import PgdSettings
from modelfoundry.evaluation.robust_accuracy import measure_pgd
from modelfoundry.evaluation.robustness_report import PgdReport
from modelfoundry.progress import Cancelled, SilentReporter


class Stopped(SilentReporter):
    def raise_if_cancelled(self) -> None:
        raise Cancelled


def greys(*values: int) -> ImageSet:
    """Make images of one pixel; those above 127 are of class 1."""
    pixels = np.array(values, dtype=np.uint8).reshape(-1, 1, 1, 1)
    return ImageSet(pixels, np.array([int(value > 127) for value in values], dtype=np.int64))


def threshold() -> nn.Module:
    """Answer 1 for a pixel above one half, which is 127.5 of 255."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(1, 2))
    network[1].weight.data = torch.tensor([[0.0], [10.0]])
    network[1].bias.data = torch.tensor([0.0, -5.0])
    return network.eval()


def measure(network: nn.Module, shown: ImageSet, **settings: Any) -> PgdReport:
    return measure_pgd(
        network,
        shown,
        settings=PgdSettings.model_validate(settings),
        device=torch.device("cpu"),
        reporter=SilentReporter(),
    )


def test_an_answer_changes_only_where_the_budget_reaches_over_the_threshold():
    # From 127.5: 127 is 0.5 away, 124 is 3.5, 134 is 6.5, 255 is 127.5.
    report = measure(threshold(), greys(127, 124, 134, 255), budgets=(4 / 255, 8 / 255))

    assert report.clean_accuracy == 1
    assert [(each.right, each.accuracy) for each in report.under] == [(2, 0.5), (1, 0.25)]


def test_what_is_wrong_while_clean_stays_wrong():
    images = greys(255, 255)
    mislabelled = ImageSet(images.images, np.array([0, 1]))

    report = measure(threshold(), mislabelled, budgets=(0.1,))

    assert (report.clean_accuracy, report.under[0].accuracy) == (0.5, 0.5)


def test_budgets_are_measured_from_small_to_large_and_once_each():
    report = measure(threshold(), greys(255), budgets=(0.3, 0.1, 0.3))

    assert [each.budget for each in report.under] == [0.1, 0.3]


def test_examples_show_whose_answer_has_changed():
    report = measure(threshold(), greys(127, 255), budgets=(8 / 255,))

    (example,) = report.examples
    assert (example.label, example.clean_answer, example.attacked_answer) == (0, 0, 1)


def test_some_of_the_images_are_enough_for_an_estimate():
    assert measure(small_network(), some_images(40), images=10, steps=1).images == 10


def test_an_attack_can_be_cancelled():
    with pytest.raises(Cancelled):
        measure_pgd(
            threshold(),
            greys(127),
            settings=PgdSettings(),
            device=torch.device("cpu"),
            reporter=Stopped(),
        )


@pytest.mark.parametrize("budgets", [(0,), (-0.1,), (1.5,), ()], ids=str)
def test_a_budget_is_positive_and_within_an_image(budgets: tuple[float, ...]):
    with pytest.raises(ValidationError):
        PgdSettings(budgets=budgets)

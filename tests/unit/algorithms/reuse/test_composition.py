import pytest
import torch
from torch import Tensor, nn

from modelfoundry.algorithms.reuse.calibration import Calibration
from modelfoundry.algorithms.reuse.composition import Composition, PatchedNetwork


class Says(nn.Module):
    """Gives the same logits to every image, and counts how often it is asked."""

    def __init__(self, *logits: float) -> None:
        super().__init__()
        self.logits = torch.tensor(logits)
        self.calls = 0

    def forward(self, images: Tensor) -> Tensor:
        self.calls += 1
        return self.logits.expand(len(images), -1)


IMAGES = torch.zeros(2, 3, 8, 8)


def test_an_output_is_the_margin_of_its_module_read_by_its_line():
    composition = Composition(
        [Says(3.0, 1.0), Says(0.5, 0.0)],
        module_of_output=[1, 0],
        calibrations=[Calibration(2.0, -1.0), Calibration()],
    )

    # 2 * (0.5 - 0) - 1 = 0, and 3 - 1 = 2.
    assert composition(IMAGES).tolist() == [[0.0, 2.0], [0.0, 2.0]]


def test_the_largest_output_is_the_largest_score_however_sure_the_modules_are():
    sure, surer = Says(40.0, 0.0), Says(50.0, 0.0)  # both scores are 1.0 in float32
    composition = Composition(
        [sure, surer], module_of_output=[0, 1], calibrations=[Calibration()] * 2
    )

    assert composition(IMAGES).argmax(dim=1).tolist() == [1, 1]


def test_a_module_that_answers_twice_is_asked_once():
    module = Says(1.0, 0.0)
    composition = Composition(
        [module], module_of_output=[0, 0], calibrations=[Calibration(), Calibration(-1.0)]
    )

    assert composition(IMAGES)[0].tolist() == [1.0, -1.0]
    assert module.calls == 1


def patched(score_logit: float, *, low: float = 0.0, high: float = 1.0) -> PatchedNetwork:
    weak = Says(1.0, 3.0, 2.0)  # probabilities 0.090, 0.665, 0.245
    return PatchedNetwork(weak, Says(score_logit, 0.0), output=1, low=low, high=high)


@pytest.mark.parametrize(
    ("score_logit", "answer"),
    [(0.0, 1), (-1.0, 1), (-2.0, 2)],  # scores 0.5, 0.269, 0.119 against 0.245
    ids=["sure", "above the rest", "below the rest"],
)
def test_the_modules_score_stands_in_for_the_weak_probability(score_logit: float, answer: int):
    assert patched(score_logit)(IMAGES).argmax(dim=1).tolist() == [answer, answer]


def test_other_probabilities_stay_as_they_are():
    logits = patched(0.0)(IMAGES)

    assert logits.exp()[0].tolist() == pytest.approx([0.0900, 0.5, 0.2447], abs=1e-3)


def test_the_range_of_the_module_is_stretched_to_0_1():
    # A score of 0.5 is the middle of 0.4 to 0.6, and the highest of 0.3 to 0.5.
    assert patched(0.0, low=0.4, high=0.6)(IMAGES).exp()[0, 1] == pytest.approx(0.5, abs=1e-4)
    assert patched(0.0, low=0.3, high=0.5)(IMAGES).exp()[0, 1] == pytest.approx(1, abs=1e-4)


def test_a_score_below_the_range_rules_the_class_out():
    assert patched(-3.0, low=0.4, high=0.6)(IMAGES).argmin(dim=1).tolist() == [1, 1]

import math

import pytest
import torch
from torch import nn

from modelfoundry.training.distillation import TEMPERATURE, DistillationLoss

IMAGES = torch.zeros(2, 1)


class Says(nn.Module):
    """Gives every image the same logits."""

    def __init__(self, *logits: float) -> None:
        super().__init__()
        self.logits = torch.tensor(logits)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.logits.expand(len(images), -1)


def test_what_the_teacher_gives_to_the_classes_of_an_output_is_summed():
    # exp(T ln 3 / T) = 3, so the classes get 3, 1 and 4 of 8
    teacher = Says(TEMPERATURE * math.log(3), 0.0, TEMPERATURE * math.log(4))
    loss = DistillationLoss(teacher, torch.tensor([1, 0, 1]), num_outputs=2)

    torch.testing.assert_close(loss.answers(IMAGES), torch.tensor([[1 / 8, 7 / 8]] * 2))


def test_classes_without_an_output_do_not_count():
    teacher = Says(TEMPERATURE * math.log(3), 0.0, 100.0)
    loss = DistillationLoss(teacher, torch.tensor([0, 1, -1]), num_outputs=2)

    torch.testing.assert_close(loss.answers(IMAGES), torch.tensor([[3 / 4, 1 / 4]] * 2))


def test_a_pupil_that_answers_like_the_teacher_pays_for_the_labels_alone():
    loss = DistillationLoss(Says(0.0, 0.0), torch.tensor([0, 1]), num_outputs=2)

    paid = loss(IMAGES, torch.zeros(2, 2), torch.tensor([0, 1]))

    assert float(paid) == pytest.approx(math.log(2) / 2)  # half of the cross-entropy


def test_no_gradient_reaches_the_teacher():
    teacher = nn.Linear(1, 2)
    loss = DistillationLoss(teacher, torch.tensor([0, 1]), num_outputs=2)

    loss(IMAGES, torch.zeros(2, 2, requires_grad=True), torch.tensor([0, 1])).backward()

    assert teacher.weight.grad is None

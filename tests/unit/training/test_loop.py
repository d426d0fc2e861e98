import numpy as np
import pytest
import torch
from torch import nn

from modelfoundry.data.images import ImageSet
from modelfoundry.progress import Cancelled, SilentReporter
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import (
    Phase,
    TrainingStep,
    accuracy,
    augmented_accuracy,
    cross_entropy_of,
    predict,
    seeded_epoch,
    steps_per_epoch,
    train_epoch,
)

CPU = torch.device("cpu")
PIXELS = np.random.default_rng(0).integers(0, 256, (10, 1, 8, 8), dtype=np.uint8)
IMAGES = DeviceImages(ImageSet(PIXELS, np.arange(10) % 2), device=CPU)


class StopsAfter(SilentReporter):
    """Cancels once it has been asked a number of times."""

    def __init__(self, batches: int) -> None:
        self.left = batches

    def raise_if_cancelled(self) -> None:
        if self.left == 0:
            raise Cancelled
        self.left -= 1


def epoch(step, reporter=None) -> float:
    return train_epoch(
        Phase(step, lambda _: None),
        IMAGES,
        epoch=0,
        batch_size=4,
        augmentation=Augmentation(crop=False, flip=False),
        generator=torch.Generator().manual_seed(0),
        reporter=reporter or SilentReporter(),
    )


def test_a_step_descends_along_the_gradient_and_returns_the_loss_before_it():
    network = nn.Linear(2, 2, bias=False)
    network.weight.data.zero_()
    optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
    step = TrainingStep(cross_entropy_of(network), optimizer, dtype=torch.float32)

    loss = step(torch.tensor([[1.0, 2.0]]), torch.tensor([0]))

    assert loss.item() == pytest.approx(0.693147, abs=1e-6)  # ln 2: both classes equally likely
    # gradient of the logits is (-1/2, 1/2), times the input (1, 2)
    assert network.weight.tolist() == [[0.5, 1.0], [-0.5, -1.0]]


def test_the_mean_loss_weighs_a_smaller_last_batch_by_its_images():
    # Batches of 4, 4 and 2 report their size as loss: (4 * 4 + 4 * 4 + 2 * 2) / 10.
    assert epoch(lambda _, labels: torch.tensor(float(len(labels)))) == pytest.approx(3.6)


def test_cancelling_takes_effect_between_two_batches():
    seen: list[int] = []

    def step(_: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        seen.append(len(labels))
        return torch.zeros(())

    with pytest.raises(Cancelled):
        epoch(step, StopsAfter(2))

    assert seen == [4, 4]


def test_the_last_smaller_batch_counts_as_a_step():
    assert [steps_per_epoch(images, 4) for images in (8, 9, 12, 13)] == [2, 3, 3, 4]


def test_prediction_leaves_dropout_out_and_the_mode_as_it_was():
    network = nn.Sequential(nn.Flatten(), nn.Dropout(0.9), nn.Linear(64, 2)).train()

    assert torch.equal(predict(network, IMAGES), predict(network, IMAGES))
    assert network.training


def test_accuracy_is_the_share_of_right_answers():
    class AlwaysZero(nn.Module):
        def forward(self, images):
            return torch.tensor([[1.0, 0.0]]).repeat(len(images), 1)

    assert accuracy(AlwaysZero(), IMAGES) == 0.5


def test_accuracy_on_augmented_images_suffers_from_mirroring_what_has_a_left_and_a_right():
    class IsLeftDark(nn.Module):
        def forward(self, images):
            left, right = images[..., 0].mean(dim=(1, 2)), images[..., -1].mean(dim=(1, 2))
            return torch.stack([right, left], dim=1)

    pixels = np.zeros((100, 1, 8, 8), dtype=np.uint8)
    pixels[..., 7] = 255
    images = DeviceImages(ImageSet(pixels, np.zeros(100, dtype=np.int64)), device=CPU)

    mirrored = augmented_accuracy(
        IsLeftDark(), images, Augmentation(crop=False), torch.Generator().manual_seed(0)
    )

    assert accuracy(IsLeftDark(), images) == 1.0
    assert 0.3 < mirrored < 0.7  # half of the images are mirrored


def test_randomness_of_an_epoch_depends_on_seed_and_epoch_alone():
    def draws(seed: int, number: int) -> list[float]:
        with seeded_epoch(seed, number, CPU) as generator:
            return [torch.rand(1).item(), torch.rand(1, generator=generator).item()]

    assert draws(3, 5) == draws(3, 5)
    assert len({draws(0, 0)[0], draws(0, 1)[0], draws(1, 0)[0]}) == 3


def test_a_seeded_epoch_gives_the_global_generator_back():
    torch.manual_seed(11)
    expected = torch.rand(1)
    torch.manual_seed(11)

    with seeded_epoch(0, 0, CPU):
        torch.rand(5)

    assert torch.equal(torch.rand(1), expected)

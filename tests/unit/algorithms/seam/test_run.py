import numpy as np
import pytest
import torch
from torch import Tensor, nn

from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.run import run
from modelfoundry.data.images import ImageSet
from modelfoundry.data.problem import Problem
from modelfoundry.nn.normalize import Normalize
from modelfoundry.progress import Cancelled, SilentReporter

CPU = torch.device("cpu")


class TinyNetwork(nn.Sequential):
    """Three classes from the brightness of the three channels; with dropout and batch norm."""

    def __init__(self) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            super().__init__(
                nn.Conv2d(3, 8, 3, padding=1, bias=False),
                nn.BatchNorm2d(8),
                nn.ReLU(),
                nn.AdaptiveAvgPool2d(1),
                nn.Flatten(),
                nn.Dropout(0.1),
                nn.Linear(8, 3),
            )


def bright_in_one_channel(count: int, seed: int) -> ImageSet:
    """Class 0 is bright in channel 0; class 1 is not."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    images = generator.integers(0, 120, (count, 3, 8, 8), dtype=np.uint8)
    images[labels == 0, 0] += 100
    return ImageSet(images, labels.astype(np.int64))


PROBLEM = Problem(
    outputs=("red", "not red"),
    answer_of_class=np.array([0, 1, 1]),
    train=bright_in_one_channel(96, seed=1),
    validation=bright_in_one_channel(32, seed=2),
    test=bright_in_one_channel(32, seed=3),
)
CONFIG = SeamConfig(
    epochs=4, batch_size=16, lr_mask=0.3, alpha=1.0, head_only_every=4, precision="float32"
)
LONG = CONFIG.model_copy(update={"epochs": 12})


class Recorder(SilentReporter):
    """Keeps what is reported; cancels in the middle of an epoch if told to."""

    def __init__(self, *, cancel_at_batch: int = -1) -> None:
        self.metrics: list[dict[str, float]] = []
        self.stages: list[str] = []
        self.left = cancel_at_batch

    def advance(self, stage: str, *, done: int, total: int, **metrics: float) -> None:
        self.metrics.append({"done": done, "total": total, **metrics})
        self.stages.append(stage)

    def raise_if_cancelled(self) -> None:
        if self.left == 0:
            raise Cancelled
        self.left -= 1


def search(folder, *, config=CONFIG, reporter=None, network=None, base_accuracy=0.5):
    return run(
        network or TinyNetwork().eval(),
        Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
        PROBLEM,
        config,
        base_accuracy=base_accuracy,
        device=CPU,
        checkpoint=folder / "search.pt",
        reporter=reporter or SilentReporter(),
    )


def images_of(part: ImageSet) -> Tensor:
    return torch.from_numpy(part.images).float() / 255


def test_the_module_learns_the_target_with_fewer_weights(tmp_path):
    found = search(tmp_path, config=LONG.model_copy(update={"lr_mask": 0.1}), base_accuracy=0.9)

    predicted = found.network(images_of(PROBLEM.test)).argmax(dim=1).numpy()
    assert (predicted == PROBLEM.test.labels).mean() > 0.9  # 0.5 is chance
    assert found.is_kept.float().mean() < 0.9


def test_every_weight_of_the_module_is_zero_or_one_that_the_original_keeps(tmp_path):
    network = TinyNetwork().eval()

    found = search(tmp_path, network=network)

    is_kept = found.is_kept[:216].view(8, 3, 3, 3)  # the convolution: 8 * 3 * 3 * 3
    weight = found.network.trunk[0].weight  # of the channels that anything reads
    assert weight.shape[0] <= 8
    assert set(weight[weight != 0].tolist()) <= set(network[0].weight[is_kept].tolist())


def test_the_original_is_bit_identical_afterwards(tmp_path):
    network = TinyNetwork().eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}

    search(tmp_path, network=network)

    torch.testing.assert_close(network.state_dict(), before, rtol=0, atol=0)


def test_the_folded_module_equals_the_masked_network(tmp_path):
    found = search(tmp_path)

    images = images_of(PROBLEM.test)
    torch.testing.assert_close(found.network(images), found.reference(images), rtol=1e-4, atol=1e-5)


def test_a_seed_decides_everything(tmp_path):
    for name in ("first", "again", "other"):
        (tmp_path / name).mkdir()

    first, again = search(tmp_path / "first"), search(tmp_path / "again")
    other = search(tmp_path / "other", config=CONFIG.model_copy(update={"seed": 1}))

    torch.testing.assert_close(
        first.network.state_dict(), again.network.state_dict(), rtol=0, atol=0
    )
    head_weight = first.network.state_dict()["head.1.weight"]
    assert not torch.equal(head_weight, other.network.state_dict()["head.1.weight"])


@pytest.mark.parametrize("batches", [7, 13, 20], ids=lambda n: f"stopped before batch {n}")
def test_a_stopped_search_resumes_to_the_same_masks(tmp_path, batches):
    (tmp_path / "whole").mkdir()
    undisturbed = search(tmp_path / "whole")

    with pytest.raises(Cancelled):
        search(tmp_path, reporter=Recorder(cancel_at_batch=batches))
    resumed = search(tmp_path)

    assert torch.equal(resumed.is_kept, undisturbed.is_kept)
    torch.testing.assert_close(
        resumed.network.state_dict(), undisturbed.network.state_dict(), rtol=0, atol=0
    )
    assert resumed.chosen_epoch == undisturbed.chosen_epoch


def test_a_resumed_search_repeats_at_most_the_epoch_it_was_in(tmp_path):
    with pytest.raises(Cancelled):
        search(tmp_path, reporter=Recorder(cancel_at_batch=13))  # 6 batches an epoch
    reporter = Recorder()
    search(tmp_path, reporter=reporter)

    assert [step["done"] for step in reporter.metrics] == [3, 4]


def test_every_epoch_reports_accuracy_and_weights_kept_beside_the_base(tmp_path):
    reporter = Recorder()

    search(tmp_path, reporter=reporter, base_accuracy=0.75)

    assert [step["done"] for step in reporter.metrics] == [1, 2, 3, 4]
    assert {step["base_accuracy"] for step in reporter.metrics} == {0.75}
    assert reporter.metrics[0]["retained_ratio"] == 1.0  # this epoch trains the head alone
    assert reporter.metrics[-1]["retained_ratio"] < 1.0
    assert reporter.metrics[0]["best"] == 1.0


def test_a_higher_charge_keeps_fewer_weights(tmp_path):
    for name in ("low", "high"):
        (tmp_path / name).mkdir()

    free = search(tmp_path / "low", config=LONG.model_copy(update={"alpha": 0.0}))
    charged = search(tmp_path / "high", config=LONG.model_copy(update={"alpha": 50.0}))

    assert charged.is_kept.sum() < free.is_kept.sum()

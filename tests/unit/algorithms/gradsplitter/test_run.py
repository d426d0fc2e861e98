from dataclasses import dataclass

import pytest
import torch
from tests.unit.algorithms.gradsplitter.tiny import (
    CONFIG,
    KERNELS,
    PROBLEM,
    TinyNetwork,
    split,
)
from tests.unit.algorithms.seam.tiny import Recorder, images_of
from torch import nn

from modelfoundry.algorithms.contract import FoundModules
from modelfoundry.algorithms.gradsplitter.run import f1
from modelfoundry.errors import InvalidInputError
from modelfoundry.progress import Cancelled

TEST_IMAGES = images_of(PROBLEM.test)


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, recorder: Recorder) -> FoundModules:
    return split(tmp_path_factory.mktemp("split"), reporter=recorder)


def scores(found: FoundModules) -> torch.Tensor:
    with torch.no_grad():
        each = [module.found.network(TEST_IMAGES).softmax(1)[:, 0] for module in found.modules]
    return torch.stack(each, dim=1)


def test_every_class_gets_a_module(found):
    assert [module.name for module in found.modules] == ["red", "green", "blue"]


def test_modules_together_tell_the_classes_of_new_images(found):
    accuracy = (scores(found).argmax(dim=1).numpy() == PROBLEM.test.labels).mean()

    assert accuracy > 0.9
    assert found.accuracy_validation > 0.9


def test_modules_have_fewer_kernels_than_the_network(found):
    assert all(module.kernels_total == KERNELS for module in found.modules)
    assert sum(module.kernels_kept for module in found.modules) < 3 * KERNELS


def test_modules_are_physically_as_small_as_their_kernels(found):
    for_each = [
        sum(len(layer.weight) for layer in module.found.network.modules() if _is_conv(layer))
        for module in found.modules
    ]

    # What nothing reads any more goes too, so that there may be even fewer.
    kept = [module.kernels_kept for module in found.modules]
    assert all(left <= of_mask for left, of_mask in zip(for_each, kept, strict=True))
    assert sum(for_each) < 3 * KERNELS


def _is_conv(layer: nn.Module) -> bool:
    return isinstance(layer, nn.Conv2d)


def test_modules_compute_what_the_masked_network_computes(found):
    module = found.modules[1].found

    with torch.no_grad():
        masked, small = module.reference(TEST_IMAGES), module.network(TEST_IMAGES)
    torch.testing.assert_close(small, masked, rtol=1e-4, atol=1e-5)


def test_modules_answer_with_their_class_or_not(found):
    logits = found.modules[0].found.network(TEST_IMAGES)

    assert logits.shape == (30, 2)
    assert not logits[:, 1].any()


def test_weights_kept_are_told_for_the_original(found):
    kept = found.modules[0].found.is_kept

    # Weights and biases of the three layers: 3 x 4 + 4, 4 x 6 + 6, 6 x 3 + 3.
    assert len(kept) == 16 + 30 + 21
    assert kept.any()
    assert not kept.all()


def test_each_epoch_tells_kernels_and_recalls_of_every_module(recorder, found):
    assert len(recorder.metrics) == CONFIG.total_epochs == 10
    first, last = recorder.metrics[0], recorder.metrics[found.chosen_epoch - 1]
    assert first["kernels"] == [KERNELS] * 3
    assert last["kernels"] == [module.kernels_kept for module in found.modules]
    assert sum(last["recalls"]) / 3 == pytest.approx(found.accuracy_validation)


@pytest.mark.usefixtures("found")
def test_the_loss_stays_above_its_floor(recorder):
    floor = 0.5514  # log(e + 2) - 1: scores end at 1

    assert all(metrics["loss"] > floor for metrics in recorder.metrics)


@pytest.mark.usefixtures("found")
def test_epochs_of_heads_alone_leave_the_kernels(recorder):
    # Epochs 1 and 2, 5 and 6, 9 and 10 train heads; 3 and 4, 7 and 8 train masks too.
    kernels = [metrics["kernels"] for metrics in recorder.metrics]

    assert kernels[1] == kernels[0]
    assert kernels[4] == kernels[5] == kernels[3]
    assert kernels[9] == kernels[8] == kernels[7]
    assert kernels[2] != kernels[0] or kernels[3] != kernels[0]


def test_a_resumed_search_ends_with_the_modules_of_an_undisturbed_one(tmp_path, found):
    # It stops in the sixth epoch, the second one on stored logits. The reporter is asked before
    # each of 6 batches and for logits: of 6 batches of training and 2 of validation images.
    before = (6 + 6 + 2) + 6 + (6 + 2) + (6 + 2) + (6 + 6)
    with pytest.raises(Cancelled):
        split(tmp_path, reporter=Recorder(cancel_at_batch=before + 3))
    recorder = Recorder()

    resumed = split(tmp_path, reporter=recorder)

    assert recorder.metrics[0]["done"] == 6
    assert recorder.lines[0] == "info: Resuming after epoch 5 of 10"
    assert resumed.chosen_epoch == found.chosen_epoch
    assert torch.equal(scores(resumed), scores(found))


def test_the_same_seed_finds_the_same_modules(tmp_path, found):
    assert torch.equal(scores(split(tmp_path)), scores(found))


def test_modules_computed_one_at_a_time_are_the_same(tmp_path, found, monkeypatch):
    monkeypatch.setattr("psutil.virtual_memory", lambda: FreeMemory(available=40_000))
    recorder = Recorder()

    apart = split(tmp_path, reporter=recorder)

    assert recorder.lines[0] == (
        "info: The memory has room for 1 of 3 modules at once, so a step takes several passes"
    )
    torch.testing.assert_close(scores(apart), scores(found), rtol=1e-3, atol=1e-4)


@dataclass
class FreeMemory:
    available: int


def test_a_module_of_which_a_layer_is_empty_says_the_same_of_every_image(tmp_path):
    config = CONFIG.model_copy(update={"alpha": 100.0, "tolerance": 0.99, "lr_joint": 0.3})

    found = split(tmp_path, config=config)

    empty = next(module for module in found.modules if module.kernels_kept == 0)
    logits = empty.found.network(TEST_IMAGES)[:, 0]
    torch.testing.assert_close(logits, logits[:1].expand(len(logits)))
    torch.testing.assert_close(empty.found.reference(TEST_IMAGES)[:, 0], logits)


def test_a_network_without_kernels_is_refused(tmp_path):
    network = nn.Sequential(nn.Flatten(), nn.Linear(192, 3)).eval()

    with pytest.raises(InvalidInputError, match="no kernel of Sequential"):
        split(tmp_path, network=network)


def test_the_network_is_only_read(tmp_path):
    network = TinyNetwork()
    before = {name: value.clone() for name, value in network.state_dict().items()}

    split(tmp_path, network=network)

    after = network.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_f1_is_the_harmonic_mean_of_precision_and_recall():
    predicted = torch.tensor([True, True, True, False, False])
    true = torch.tensor([True, True, False, True, False])

    # Precision 2/3 and recall 2/3.
    assert f1(predicted, true) == pytest.approx(2 / 3)


def test_f1_of_never_being_right_is_zero():
    assert f1(torch.tensor([False, False]), torch.tensor([True, False])) == 0
    assert f1(torch.tensor([False]), torch.tensor([False])) == 0

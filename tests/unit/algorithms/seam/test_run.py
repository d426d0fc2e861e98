import pytest
import torch
from tests.unit.algorithms.seam.tiny import (
    BATCHES_PER_EPOCH,
    CONFIG,
    PROBLEM,
    Recorder,
    TinyNetwork,
    accuracy_of,
    changed,
    images_of,
    search,
)

from modelfoundry.progress import Cancelled

LONG = changed(CONFIG, epochs=12)
NEVER = 2.0  # an accuracy nothing reaches


def test_the_module_learns_the_target_with_fewer_weights(tmp_path):
    found = search(tmp_path, config=changed(LONG, lr_mask=0.1), base_accuracy=0.9)

    assert accuracy_of(found) > 0.9  # 0.5 is chance
    assert found.is_kept.float().mean() < 0.9


def test_every_weight_of_the_module_is_zero_or_one_that_the_original_keeps(tmp_path):
    network = TinyNetwork().eval()

    found = search(tmp_path, network=network)

    is_kept = found.is_kept[:216].view(8, 3, 3, 3)  # the convolution: 8 * 3 * 3 * 3
    weight = found.network.get_parameter("trunk.0.weight")  # of the channels that anything reads
    assert weight.shape[0] <= 8
    assert set(weight[weight != 0].tolist()) <= set(
        network.get_parameter("0.weight")[is_kept].tolist()
    )


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
    first, again = search(tmp_path / "first"), search(tmp_path / "again")
    other = search(tmp_path / "other", config=changed(CONFIG, seed=1))

    torch.testing.assert_close(
        first.network.state_dict(), again.network.state_dict(), rtol=0, atol=0
    )
    head_weight = first.network.state_dict()["head.1.weight"]
    assert not torch.equal(head_weight, other.network.state_dict()["head.1.weight"])


@pytest.mark.parametrize("batches", [7, 13, 20], ids=lambda n: f"stopped before batch {n}")
def test_a_stopped_search_resumes_to_the_same_masks(tmp_path, batches):
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
    free = search(tmp_path / "low", config=changed(LONG, alpha=0.0))
    charged = search(tmp_path / "high", config=changed(LONG, alpha=50.0))

    assert charged.is_kept.sum() < free.is_kept.sum()


@pytest.mark.parametrize("granularity", ["weight", "channel"])
def test_behind_the_original_the_charge_is_eased(tmp_path, granularity):
    # The first of twelve epochs trains the head alone, so that its charge moves nothing.
    config = changed(LONG, granularity=granularity, head_only_every=12, alpha=2.0, easing=0.75)
    eased = search(tmp_path / "eased", config=config, base_accuracy=NEVER)
    quarter = changed(config, alpha=0.5, easing=0.0)
    charged_less = search(tmp_path / "less", config=quarter, base_accuracy=NEVER)

    assert torch.equal(eased.is_kept, charged_less.is_kept)


def test_a_search_that_is_never_behind_pays_the_whole_charge(tmp_path):
    eased = search(tmp_path / "eased", config=changed(LONG, easing=0.75), base_accuracy=0.0)
    whole = search(tmp_path / "whole", config=changed(LONG, easing=0.0), base_accuracy=0.0)

    assert torch.equal(eased.is_kept, whole.is_kept)


def test_a_stopped_search_goes_on_with_the_charge_it_had(tmp_path):
    config = changed(CONFIG, alpha=20.0, easing=1.0)
    undisturbed = search(tmp_path / "whole", config=config, base_accuracy=NEVER)

    with pytest.raises(Cancelled):
        search(
            tmp_path,
            config=config,
            base_accuracy=NEVER,
            reporter=Recorder(cancel_at_batch=2 * BATCHES_PER_EPOCH),
        )
    resumed = search(tmp_path, config=config, base_accuracy=NEVER)

    assert torch.equal(resumed.is_kept, undisturbed.is_kept)

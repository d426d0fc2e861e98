"""Modules without the channels that a target can do without, and their recovery."""

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
from torch import nn

from modelfoundry.algorithms.contract import FoundModule
from modelfoundry.errors import InvalidInputError
from modelfoundry.progress import Cancelled

CHANNELS = changed(CONFIG, granularity="channel", alpha=0.1, lr_mask=0.1, epochs=6)
RECOVERED = changed(CHANNELS, recover="full", recover_epochs=2)
TO_A_GOAL = changed(RECOVERED, alpha=100.0, epochs=20)
HYBRID = changed(CHANNELS, granularity="hybrid", epochs=12)


def half_useless() -> nn.Module:
    """Nothing reads every other one of the eight channels."""
    network = TinyNetwork().eval()
    with torch.no_grad():
        network.get_parameter("6.weight")[:, ::2] = 0
    return network


def channels_of(found: FoundModule) -> int:
    return len(found.network.get_parameter("trunk.0.weight"))


def test_channels_that_nothing_reads_are_found_and_cut_out(tmp_path):
    found = search(tmp_path, config=CHANNELS, network=half_useless(), base_accuracy=0.9)

    kept_rows = found.is_kept[:216].view(8, 27).any(dim=1)
    assert not kept_rows[::2].any()
    assert channels_of(found) == int(kept_rows.sum())
    assert accuracy_of(found) > 0.9  # 0.5 is chance


def test_what_is_left_has_the_weights_of_the_original(tmp_path):
    network = half_useless()

    found = search(tmp_path, config=CHANNELS, network=network)

    kept_rows = found.is_kept[:216].view(8, 27).any(dim=1)
    expected = network.get_parameter("0.weight")[kept_rows]
    assert torch.equal(found.network.get_parameter("trunk.0.weight"), expected)


def test_all_logits_of_the_original_stay_however_much_is_charged(tmp_path):
    found = search(tmp_path, config=changed(RECOVERED, alpha=100.0, distillation=1.0))

    assert found.network.get_parameter("trunk.6.weight").shape == (3, 1)  # of eight channels one


def test_a_search_with_a_goal_stops_closing_there(tmp_path):
    kept = [
        len(search(tmp_path / str(goal), config=changed(TO_A_GOAL, goal=goal)).is_kept.nonzero())
        for goal in (0.3, 0.6)
    ]

    # A channel has 27 of the 216 weights of its layer and 3 of the 24 that read it; 3 more are
    # biases that always stay.
    assert kept == [2 * 30 + 3, 4 * 30 + 3]


def test_channels_go_in_groups_and_the_first_group_stays(tmp_path):
    found = search(tmp_path, config=changed(CHANNELS, alpha=100.0, together=3))

    assert channels_of(found) == 3


def test_the_cut_network_computes_what_the_masked_one_does(tmp_path):
    found = search(tmp_path, config=CHANNELS)

    images = images_of(PROBLEM.test)
    torch.testing.assert_close(found.network(images), found.reference(images), rtol=1e-4, atol=1e-5)


def test_a_hybrid_search_drops_weights_inside_the_channels_that_are_left(tmp_path):
    found = search(tmp_path, config=HYBRID, network=half_useless(), base_accuracy=0.9)

    kept = found.is_kept[:216].view(8, 27)
    assert not kept[::2].any()
    assert 0 < int(kept.sum()) < 27 * int(kept.any(dim=1).sum())


def test_the_stages_of_a_hybrid_search_are_numbered_through(tmp_path):
    reporter = Recorder()

    search(tmp_path, config=HYBRID, reporter=reporter)

    assert [step["done"] for step in reporter.metrics] == list(range(1, 13))
    assert set(reporter.stages) == {"search"}


def test_recovery_follows_the_search_on_the_same_curve(tmp_path):
    reporter = Recorder()

    found = search(tmp_path, config=RECOVERED, reporter=reporter)

    assert reporter.stages == ["search"] * 6 + ["recover"] * 2
    assert [step["done"] for step in reporter.metrics] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert {step["total"] for step in reporter.metrics} == {8}
    assert (found.epochs, found.recover) == (8, "full")
    assert found.chosen_epoch > 6


@pytest.mark.parametrize("recover", ["norm", "full"])
def test_recovery_trains_what_it_says(tmp_path, recover):
    uneased = changed(RECOVERED, recover="none", easing=0.0)
    plain = search(tmp_path / "plain", config=uneased, base_accuracy=2.0)
    trained = search(tmp_path / "trained", config=changed(RECOVERED, recover=recover))

    same_weights = [
        torch.equal(*(found.network.get_parameter(name) for found in (plain, trained)))
        for name in ("trunk.0.weight", "trunk.1.weight", "head.1.weight")
    ]
    assert same_weights == [recover == "norm", False, False]


@pytest.mark.parametrize(
    "batches",
    [2 * BATCHES_PER_EPOCH + 1, 6 * BATCHES_PER_EPOCH + 2, 7 * BATCHES_PER_EPOCH + 3],
    ids=["while searching", "at the start of the recovery", "while recovering"],
)
def test_a_stopped_run_resumes_to_the_same_module(tmp_path, batches):
    undisturbed = search(tmp_path / "whole", config=RECOVERED)

    with pytest.raises(Cancelled):
        search(tmp_path, config=RECOVERED, reporter=Recorder(cancel_at_batch=batches))
    resumed = search(tmp_path, config=RECOVERED)

    assert torch.equal(resumed.is_kept, undisturbed.is_kept)
    torch.testing.assert_close(
        resumed.network.state_dict(), undisturbed.network.state_dict(), rtol=0, atol=0
    )


def test_a_hybrid_search_resumes_to_the_same_masks(tmp_path):
    undisturbed = search(tmp_path / "whole", config=HYBRID)

    with pytest.raises(Cancelled):
        search(tmp_path, config=HYBRID, reporter=Recorder(cancel_at_batch=8 * BATCHES_PER_EPOCH))
    resumed = search(tmp_path, config=HYBRID)

    assert torch.equal(resumed.is_kept, undisturbed.is_kept)


@pytest.mark.parametrize("together", [1, 16])
def test_a_network_without_removable_channels_is_refused_with_the_way_out(tmp_path, together):
    network = nn.Sequential(nn.Flatten(), nn.Linear(192, 3), nn.LayerNorm(3)).eval()

    with pytest.raises(InvalidInputError, match='choose granularity "weight"') as caught:
        search(tmp_path, config=changed(CHANNELS, together=together), network=network)

    assert caught.value.faults[0].pointer == "/settings/granularity"

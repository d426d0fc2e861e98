from pathlib import Path

import pytest
import torch
from tests.unit.algorithms.finetune.tiny import BATCHES_PER_EPOCH, TRUNK, run, weights_of
from tests.unit.algorithms.seam.tiny import Recorder, accuracy_of_network

from modelfoundry.algorithms.finetune.config import How
from modelfoundry.progress import Cancelled


@pytest.mark.parametrize("how", ["seam", "standard", "scratch"])
def test_every_way_learns_the_new_classes(tmp_path: Path, how: How):
    found = run(tmp_path, how, lr_scratch=0.05, finetune_epochs=6)

    assert accuracy_of_network(found.network) > 0.9


def test_the_three_steps_follow_each_other(tmp_path: Path):
    recorder = Recorder()

    found = run(tmp_path, reporter=recorder)

    assert [step.name for step in found.steps] == ["output", "masks", "finetune"]
    assert list(dict.fromkeys(recorder.stages)) == ["output", "masks", "finetune"]
    numbers = [row["done"] for row in recorder.metrics]
    assert numbers == list(range(1, len(numbers) + 1))
    assert recorder.metrics[-1]["done"] == recorder.metrics[-1]["total"]


def test_what_all_ways_are_compared_with_is_the_pre_trained_network_with_a_new_output_layer(
    tmp_path: Path,
):
    before = {name: value.clone() for name, value in TRUNK.network.state_dict().items()}

    found = run(tmp_path)

    assert all(
        torch.equal(found.compared.trunk.state_dict()[name], before[name]) for name in before
    )
    assert all(torch.equal(TRUNK.network.state_dict()[name], before[name]) for name in before)
    assert found.compared.head.out_features == 2


def test_all_ways_are_compared_with_the_same(tmp_path: Path):
    (tmp_path / "other").mkdir()

    first, second = run(tmp_path, "seam"), run(tmp_path / "other", "standard")

    assert weights_of(first.compared) == weights_of(second.compared)


def test_the_search_ends_once_the_wanted_share_is_removed_and_removes_exactly_that(tmp_path: Path):
    found = run(tmp_path, mask_epochs=50)

    # 8 filters of 3 x 3 x 3; a quarter of 216 weights.
    assert found.retained_ratio == 162 / 216
    assert found.steps[1].epochs < 50


def test_as_published_everything_that_is_closed_by_then_is_removed(tmp_path: Path):
    found = run(tmp_path, mask_epochs=50, exact=False)

    assert found.retained_ratio <= 0.75


def test_a_search_that_removes_too_little_says_so(tmp_path: Path):
    recorder = Recorder()

    found = run(tmp_path, reporter=recorder, prune_threshold=0.9, lr_mask=1e-4)

    assert found.retained_ratio == 1
    assert any("Only 0.0% of the weights are removed" in line for line in recorder.lines)


def test_removed_weights_stay_zero_where_they_may_not_grow_back(tmp_path: Path):
    found = run(tmp_path, regrow=False)

    assert float(found.is_nonzero.double().mean()) == found.retained_ratio


def test_removed_weights_grow_back_as_published(tmp_path: Path):
    found = run(tmp_path)

    assert float(found.is_nonzero.double().mean()) > found.retained_ratio


@pytest.mark.parametrize(("how", "ratio"), [("standard", 1.0), ("scratch", 0.0)])
def test_the_other_ways_start_from_all_weights_and_from_none(
    tmp_path: Path, how: How, ratio: float
):
    found = run(tmp_path, how)

    assert found.retained_ratio == ratio
    assert [step.name for step in found.steps] == ["output", "finetune"]


def test_a_step_ends_when_it_gets_no_better_for_too_long(tmp_path: Path):
    # At such a rate nothing moves: the first epoch stays the best.
    found = run(tmp_path, "standard", lr_first=1e-9, output_epochs=9, patience=2)

    assert (found.steps[0].epochs, found.steps[0].chosen_epoch) == (3, 1)


@pytest.mark.parametrize(
    "batch",
    [BATCHES_PER_EPOCH + 3, 2 * BATCHES_PER_EPOCH + 3, 7 * BATCHES_PER_EPOCH - 1],
    ids=["output layer", "masks", "everything"],
)
def test_a_killed_fine_tuning_goes_on_to_the_same_network(tmp_path: Path, batch: int):
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    undisturbed.mkdir()
    killed.mkdir()
    expected = run(undisturbed, prune_threshold=0.9)

    with pytest.raises(Cancelled):
        run(killed, prune_threshold=0.9, reporter=Recorder(cancel_at_batch=batch))
    resumed = run(killed, prune_threshold=0.9)

    assert weights_of(resumed.network) == weights_of(expected.network)


def test_another_seed_gives_another_network(tmp_path: Path):
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()

    first, second = (run(folder, "standard", seed=at) for at, folder in enumerate(folders))

    assert weights_of(first.network) != weights_of(second.network)

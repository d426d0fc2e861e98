import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tests.unit.algorithms.finetune.tiny import BATCHES_PER_EPOCH, run, weights_of

ROOT = Path(__file__).parents[4]
EPOCH = BATCHES_PER_EPOCH


@pytest.mark.slow
def test_killed_in_each_of_its_steps_it_still_goes_on_to_the_same_network(tmp_path: Path):
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    undisturbed.mkdir()
    killed.mkdir()
    expected = run(undisturbed, prune_threshold=0.9)
    # Two epochs of the output layer, four of the masks, three of everything. Each process dies in
    # the second epoch of the next step: 0.5 + 1 + 0.5 epochs on, 0.5 + 3 + 0.5 epochs on.
    batches = [EPOCH + 3, EPOCH + EPOCH + 3, 3 * EPOCH + EPOCH + 3]

    ends = subprocess.check_output(
        [sys.executable, "-m", "tests.unit.algorithms.finetune.killed", killed, *map(str, batches)],
        cwd=ROOT,
        text=True,
    )

    assert ends.split() == ["-9", "-9", "-9", "0"]
    steps = [file.stem for file in killed.glob("finetune-*.pt")]
    assert sorted(steps) == ["finetune-finetune", "finetune-masks", "finetune-output"]
    assert torch.load(killed / "weights.pt") == weights_of(expected.network)

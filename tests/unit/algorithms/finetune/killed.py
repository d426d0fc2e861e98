"""Fine-tune in processes that are killed in the middle of an epoch, then once to the end.

``python -m tests.unit.algorithms.finetune.killed FOLDER BATCH...`` forks a process for every batch,
counted anew by each, before which it is to die, and prints how each of them ended. The last one
lives and leaves the weights in the folder.
"""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import torch
from tests.unit.algorithms.finetune.tiny import run, weights_of

from modelfoundry.progress import SilentReporter


class Killer(SilentReporter):
    """Ends its own process as a power cut would."""

    def __init__(self, before_batch: int) -> None:
        self.left = before_batch

    def raise_if_cancelled(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


def attempt(folder: Path, before_batch: int) -> None:
    """Go on from the checkpoints in a folder."""
    found = run(folder, prune_threshold=0.9, reporter=Killer(before_batch))
    torch.save(weights_of(found.network), folder / "weights.pt")


if __name__ == "__main__":
    folder, *batches = sys.argv[1:]
    fork = multiprocessing.get_context("forkserver")  # loads torch once, and computes nothing
    fork.set_forkserver_preload(["modelfoundry.algorithms.finetune.run"])
    for batch in [*batches, "-1"]:
        process = fork.Process(target=attempt, args=(Path(folder), int(batch)))
        process.start()
        process.join()
        print(process.exitcode)  # noqa: T201

"""A module beside its honest rivals: networks of the same shape, trained in the same time.

    python benchmarks/rivals.py --model cnn-digits --target 3 [--preset small] [--set epochs=4]

The module's own network, with all its weights drawn anew, is trained as a module recovers: once on
the labels of the target's images, once on what the original answers too (distilled), each for as
much processor time as making the module took, so that other work on the machine changes nothing.
Size and latency are equal and only the weights to begin with differ. Every epoch is chosen on
validation images; the test images are read once.
"""

import argparse
import time
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import nn

from modelfoundry.algorithms.seam.recovery import Recovery
from modelfoundry.algorithms.seam.stage import Task, train_stage
from modelfoundry.cli.assignments import read_assignment
from modelfoundry.nn.target import TargetNetwork, new_head
from modelfoundry.progress import SilentReporter
from modelfoundry.training.balanced_images import BalancedImages
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.training.loop import accuracy, steps_per_epoch
from one_search import OneSearch, set_up

LEARNING_RATE = 0.1
TIMED_EPOCHS = 2


def train_rival(
    module: nn.Module, one: OneSearch, *, distillation: float, seconds: float
) -> tuple[nn.Module, int]:
    """Return the module's network with other weights, and the epochs that the time allowed."""
    started = time.process_time()
    train_anew(module, one, distillation=distillation, epochs=TIMED_EPOCHS)
    per_epoch = (time.process_time() - started) / TIMED_EPOCHS
    epochs = max(1, round(seconds / per_epoch))
    return train_anew(module, one, distillation=distillation, epochs=epochs), epochs


def train_anew(
    module: nn.Module, one: OneSearch, *, distillation: float, epochs: int
) -> TargetNetwork:
    """Train the module's network from weights drawn anew, and keep the best epoch."""
    config = one.config.model_copy(
        update={
            "recover": "full",
            "recover_epochs": epochs,
            "lr_recover": LEARNING_RATE,
            "distillation": distillation,
        }
    )
    train = DeviceImages(one.problem.train, device=one.device)
    if one.problem.is_drawn_evenly:
        train = BalancedImages(train)
    head = new_head(len(one.problem.answer_of_class), len(one.problem.outputs))
    rival = drawn_anew(module, seed=config.seed).to(one.device)
    recovery = Recovery(
        rival,
        TargetNetwork(one.normalize, one.network, head),
        config,
        retained_ratio=1.0,
        total_steps=epochs * steps_per_epoch(len(train), config.batch_size),
        device=one.device,
    )
    with TemporaryDirectory() as folder:
        task = Task(
            train=train,
            validation=one.validation,
            config=config,
            base_accuracy=one.base_validation,
            device=one.device,
            checkpoint=Path(folder) / "rival.pt",
            reporter=SilentReporter(),
        )
        stage = {"name": "rival", "shown_as": "rival", "first": 0}
        finished = train_stage(recovery, task, **stage, epochs=epochs)
    recovery.put_back(finished.best)
    return rival.eval()


def drawn_anew(network: nn.Module, *, seed: int) -> nn.Module:
    copy = deepcopy(network)
    torch.manual_seed(seed)
    for layer in copy.modules():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return copy


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--preset", default="small")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    one = set_up(
        arguments.model,
        arguments.target,
        preset=arguments.preset,
        settings=dict(map(read_assignment, arguments.set)),
    )

    def report(name: str, network: nn.Module, reached: tuple[float, float], note: str) -> None:
        size = sum(each.numel() for each in network.parameters())
        print(f"{name:14} {reached[0]:10.2%} {reached[1]:8.2%} {size:12,}  {note}", flush=True)

    def accuracies(network: nn.Module) -> tuple[float, float]:
        return accuracy(network, one.validation), accuracy(network, one.test)

    print(f"{'':14} {'validation':>10} {'test':>8} {'parameters':>12}")
    report("original", one.network, (one.base_validation, one.base_test), "")
    started = time.process_time()
    found = one.run(SilentReporter())
    seconds = time.process_time() - started
    module = found.network.to(one.device)
    report("module", module, accuracies(module), f"{seconds:.0f} s")
    for name, distillation in (("from scratch", 0.0), ("distilled", 1.0)):
        rival, epochs = train_rival(module, one, distillation=distillation, seconds=seconds)
        report(name, rival, accuracies(rival), f"{epochs} epochs")


if __name__ == "__main__":
    main()

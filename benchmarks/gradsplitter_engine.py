"""Speed of the GradSplitter search: the published loop rebuilt plainly against ours.

    python benchmarks/gradsplitter_engine.py [--steps 2] [--rounds 1] [--modules 10] [--width 1]

Each measurement is a process of its own, plain and ours in turns, so that a change of the
machine's speed hits both. Weights and images are random: speed does not depend on them. A whole
run is reckoned from the measured parts by the published schedule: 45 head and 100 joint epochs
and a validation part of a quarter of the training images after each.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import nn

from modelfoundry.algorithms.gradsplitter.config import GradSplitterConfig
from modelfoundry.algorithms.gradsplitter.search import Search, Task, runs
from modelfoundry.data.images import ImageSet
from modelfoundry.nn.gated_graph import insert_gates
from modelfoundry.nn.module_heads import ModuleHeads
from modelfoundry.nn.split_network import SplitNetwork
from modelfoundry.progress import SilentReporter
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.zoo.simcnn import SimCnn
from plain_gradsplitter import PlainSearch

BATCH_SIZE = 64
VALIDATION_SHARE = 0.25  # of the training images
PARTS = ("joint", "head", "store", "evaluate")
Part = Callable[[], object]


def measure(kind: str, num_modules: int, width: float, steps: int) -> dict[str, float]:
    """Return seconds per batch of each part of a search, after a first batch that is not counted.

    ``store`` is what head epochs of one cycle share, for each batch of training images; the
    published loop has no such thing.
    """
    device = best_device()
    torch.manual_seed(0)
    network = SimCnn(10, width=width).eval()
    make = plain_parts if kind == "plain" else our_parts
    return {
        name: seconds(part, steps, device)
        for name, part in make(network, num_modules, device).items()
    }


def seconds(part: Part, steps: int, device: torch.device) -> float:
    part()
    started = time.perf_counter()
    for _ in range(steps):
        part()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - started) / steps


def plain_parts(network: nn.Module, num_modules: int, device: torch.device) -> dict[str, Part]:
    search = PlainSearch(network, num_modules, device)
    images = torch.rand(BATCH_SIZE, 3, 32, 32, device=device)
    labels = torch.randint(num_modules, (BATCH_SIZE,), device=device)
    return {
        "joint": partial(search.step, "joint", images, labels),
        "head": partial(search.step, "head", images, labels),
        "evaluate": partial(search.evaluate, images),
    }


def our_parts(network: nn.Module, num_modules: int, device: torch.device) -> dict[str, Part]:
    random = np.random.default_rng(0)
    images = ImageSet(
        random.integers(0, 256, (BATCH_SIZE, 3, 32, 32), dtype=np.uint8),
        random.integers(0, num_modules, BATCH_SIZE),
    )
    on_device = DeviceImages(images, device=device)
    gated = insert_gates(network, on_device.first(2).cpu())
    split = SplitNetwork(nn.Identity(), gated, ModuleHeads(num_modules, 10), alpha=0.1)
    with torch.no_grad():  # no two masks are the same in the middle of a search
        split.logits[torch.rand(split.logits.shape) < 0.5] = -1  # noqa: PLR2004 - a half
    config = GradSplitterConfig(first_head_epochs=1, cycles=1, joint_epochs=1, head_epochs=1)
    search = Search(
        split.to(device), Task(on_device, on_device, config, 0.0, device, SilentReporter())
    )
    train = {
        name: partial(search.train, epoch, torch.Generator(device).manual_seed(0))
        for epoch, (_, name) in enumerate(runs(config))
    }

    def store() -> None:
        search.forget_logits()
        train["head"]()

    def evaluate() -> None:
        search.forget_logits()
        search.measure(1)

    return {"joint": train["joint"], "head": train["head"], "store": store, "evaluate": evaluate}


def whole_run(by_part: dict[str, float]) -> float:
    """Reckon the seconds of a whole search for each batch of training images."""
    schedule = [name for _, name in runs(GradSplitterConfig())]
    joint, head = schedule.count("joint"), len(schedule) - schedule.count("joint")
    training = joint * by_part["joint"] + head * by_part["head"]
    if "store" not in by_part:
        return training + len(schedule) * VALIDATION_SHARE * by_part["evaluate"]
    stored = GradSplitterConfig().cycles * by_part["store"]
    return training + stored + joint * VALIDATION_SHARE * by_part["evaluate"]


def measure_in_child(kind: str, arguments: argparse.Namespace) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", kind]
    for name in ("modules", "width", "steps"):
        command += [f"--{name}", str(getattr(arguments, name))]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    measured: dict[str, float] = json.loads(output)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--modules", type=int, default=10)
    parser.add_argument("--width", type=float, default=1)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--measure", choices=["plain", "ours"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measured = measure(arguments.measure, arguments.modules, arguments.width, arguments.steps)
        print(json.dumps(measured))
        return
    print(
        f"SimCNN x {arguments.width:g}, {arguments.modules} modules, batch {BATCH_SIZE}, "
        f"{best_device().type}, {torch.get_num_threads()} CPU threads"
    )
    pairs = [
        [measure_in_child(kind, arguments) for kind in ("plain", "ours")]
        for _ in range(arguments.rounds)
    ]
    for part in PARTS:
        print(
            f"{part:10} s a batch: "
            + ", ".join(f"{p.get(part, 0):.3f} -> {o[part]:.3f}" for p, o in pairs)
        )
    for title, reckon in (
        ("joint step", lambda by_part: by_part["joint"]),
        ("whole run", whole_run),
    ):
        ratios = sorted(reckon(plain) / reckon(ours) for plain, ours in pairs)
        print(
            f"{title}: {statistics.median(ratios):.2f} times as fast "
            f"(from {ratios[0]:.2f} to {ratios[-1]:.2f})"
        )


if __name__ == "__main__":
    main()

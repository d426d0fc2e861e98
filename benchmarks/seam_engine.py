"""Training speed of the SeaM search: the published loop rebuilt plainly against ours.

    python benchmarks/seam_engine.py [--images 2560] [--rounds 3] [resnet20 vgg16-bn]

Each measurement is a process of its own, plain and ours in turns, so that a change of the
machine's speed hits both. Weights and images are random: speed does not depend on them.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

import numpy as np
import torch

from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.search import Search
from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.data.images import ImageSet
from modelfoundry.nn.masking import MaskedNetwork
from modelfoundry.nn.normalize import Normalize
from modelfoundry.nn.target import TargetNetwork, new_head
from modelfoundry.progress import SilentReporter
from modelfoundry.training.device import best_device
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import train_epoch
from modelfoundry.zoo.build import build_network
from plain_seam import PlainSearch

BATCH_SIZE = 64


def measure(kind: str, architecture: str, num_images: int) -> float:
    """Return images per second of one epoch after a warm-up epoch."""
    device = best_device()
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (num_images, 3, 32, 32), dtype=np.uint8)
    labels = random.integers(0, 2, num_images)
    network = build_network(find_architecture(architecture), 10).eval()
    make = plain_epoch if kind == "plain" else our_epoch
    epoch = make(network, images, labels, device)
    epoch()
    started = time.perf_counter()
    epoch()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return num_images / (time.perf_counter() - started)


def plain_epoch(network, images, labels, device):
    return PlainSearch(network, images, labels, batch_size=BATCH_SIZE, device=device).epoch


def our_epoch(network, images, labels, device):
    normalize = Normalize((0.4914, 0.4822, 0.4465), (0.2471, 0.2435, 0.2616))
    masked = MaskedNetwork(network, charge=1.0)
    search = Search(
        TargetNetwork(normalize, masked, new_head(10, 2)).to(device),
        SeamConfig(batch_size=BATCH_SIZE),
        total_steps=1000,
        base_accuracy=1.0,
        device=device,
    )
    on_device = DeviceImages(ImageSet(images, labels), device=device)
    generator = torch.Generator(device).manual_seed(0)

    def epoch() -> None:
        train_epoch(
            search.phase(1),
            on_device,
            epoch=0,
            batch_size=BATCH_SIZE,
            augmentation=Augmentation(),
            generator=generator,
            reporter=SilentReporter(),
        )
        search.candidate(1, 0.5)

    return epoch


def measure_in_child(kind: str, architecture: str, num_images: int) -> float:
    command = [sys.executable, __file__, "--measure", kind, "--images", str(num_images)]
    output = subprocess.run(
        [*command, architecture], check=True, capture_output=True, text=True
    ).stdout
    return json.loads(output)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("architectures", nargs="*", default=["resnet20", "vgg16-bn"])
    parser.add_argument("--images", type=int, default=2560)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", choices=["plain", "ours"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure, arguments.architectures[0], arguments.images)))
        return
    print(f"images per second at batch {BATCH_SIZE}, {torch.get_num_threads()} CPU threads")
    for architecture in arguments.architectures:
        pairs = [
            [measure_in_child(kind, architecture, arguments.images) for kind in ("plain", "ours")]
            for _ in range(arguments.rounds)
        ]
        plain, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratios = sorted(ours / plain for plain, ours in pairs)
        print(
            f"{architecture:10}  plain {plain:7.0f}  ours {ours:7.0f}  "
            f"ratio {statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})"
        )


if __name__ == "__main__":
    main()

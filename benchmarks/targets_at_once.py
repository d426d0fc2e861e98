"""Masks for several targets in one pass over the shared weights, against one search after another.

    python benchmarks/targets_at_once.py [--targets 2 5] [--steps 4]

A ResNet20, the same 64 images for every target. At once, the gated weights of all targets are
stacked, so that every convolution is one convolution in groups. Steps of both take turns, and
processor time is counted, so that other work on the machine hits both or neither. Weights and
images are random: speed does not depend on them.
"""

import argparse
import statistics
import time

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.search import Search
from modelfoundry.nn.fusing import fold_norms
from modelfoundry.nn.gates import gate_weights
from modelfoundry.nn.masking import MaskedNetwork
from modelfoundry.nn.segments import maskable_segments
from modelfoundry.nn.target import TargetNetwork, new_head
from modelfoundry.training.device import best_device, training_dtype
from modelfoundry.training.loop import TrainingStep, cross_entropy_of
from modelfoundry.training.optimizers import adam
from modelfoundry.zoo.resnet_cifar import resnet20

BATCH_SIZE, NUM_CLASSES, OUTPUTS, ALPHA = 64, 10, 2, 1.0


class TargetsAtOnce(nn.Module):
    """One network behind the masks and heads of several targets."""

    def __init__(self, network: nn.Module, num_targets: int) -> None:
        super().__init__()
        self._segments = maskable_segments(network)
        self._network = fold_norms(network).network.requires_grad_(requires_grad=False)
        weights = dict(self._network.named_parameters())
        masked = {each.name for each in self._segments}
        self._others = {name: weights[name] for name in weights.keys() - masked}
        frozen = torch.cat([weights[each.name].flatten() for each in self._segments])
        self.register_buffer("frozen", frozen.repeat(num_targets, 1))
        self.logits = nn.Parameter(torch.ones(num_targets, len(frozen)))
        self.heads = nn.Parameter(torch.randn(num_targets, NUM_CLASSES, OUTPUTS) / NUM_CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        """Map ``(N, C, H, W)`` to the logits of all targets, one after another ``(T * N, 2)``."""
        charge = torch.tensor(ALPHA / self.frozen.shape[1], device=images.device)
        dtype = torch.get_autocast_dtype(images.device.type)
        gated = gate_weights(self.logits, self.frozen, charge=charge, dtype=dtype)
        views = {
            each.name: gated[:, each.start : each.stop].unflatten(1, each.shape)
            for each in self._segments
        }
        images = images.to(dtype)  # vmap goes past autocast
        others = {name: weight.to(dtype) for name, weight in self._others.items()}
        hidden = vmap(lambda own: functional_call(self._network, others | own, (images,)))(views)
        return (hidden.relu() @ self.heads).flatten(0, 1)


def single_step(network: nn.Module, device: torch.device) -> TrainingStep:
    """Return a step of the search as it is."""
    masked = MaskedNetwork(network, charge=ALPHA)
    search = Search(
        TargetNetwork(nn.Identity(), masked, new_head(NUM_CLASSES, OUTPUTS)).to(device),
        SeamConfig(batch_size=BATCH_SIZE),
        total_steps=1000,
        base_accuracy=1.0,
        device=device,
    )
    return search.phase(1).step


def seconds_of(step: TrainingStep, images: Tensor, labels: Tensor) -> float:
    started = time.process_time()
    step(images, labels)
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--targets", type=int, nargs="+", default=[2, 5])
    parser.add_argument("--steps", type=int, default=4)
    arguments = parser.parse_args()
    device = best_device()
    torch.manual_seed(0)
    network = resnet20(NUM_CLASSES).eval()
    images = torch.rand(BATCH_SIZE, 3, 32, 32, device=device)
    labels = torch.randint(OUTPUTS, (BATCH_SIZE,), device=device)
    for count in arguments.targets:
        together = TargetsAtOnce(network, count).to(device)
        at_once = TrainingStep(
            cross_entropy_of(together),
            adam([[together.logits], [together.heads]], device=device),
            dtype=training_dtype("auto", device),
        )
        each = [single_step(network, device) for _ in range(count)]
        ratios = []
        for turn in range(arguments.steps + 1):
            apart = sum(seconds_of(step, images, labels) for step in each)
            joint = seconds_of(at_once, images, labels.repeat(count))
            if turn > 0:  # the first one prepares what later ones use
                ratios.append(apart / joint)
        print(
            f"{count} targets: one after another takes {statistics.median(ratios):.2f} times as "
            f"long as at once (from {min(ratios):.2f} to {max(ratios):.2f})",
            flush=True,
        )


if __name__ == "__main__":
    main()

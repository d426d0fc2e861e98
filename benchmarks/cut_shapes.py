"""How much faster a ResNet20 gets by cutting it, shape by shape, in ONNX Runtime on one thread.

    python benchmarks/cut_shapes.py

Every shape is cut and written as a module is: channels are closed, cut out, and the network is
exported. Weights are random, since speed does not depend on them. Shapes are timed in turns, so
that other work on the machine hits all alike.
"""

import tempfile
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from torch import nn

from modelfoundry.evaluation.efficiency import compare_latency
from modelfoundry.export.onnx import onnx_bytes
from modelfoundry.export.pt2 import trace
from modelfoundry.nn.channel_masking import ChannelMaskedNetwork
from modelfoundry.nn.channels import find_channels
from modelfoundry.nn.compaction import compact
from modelfoundry.nn.cost import layer_costs
from modelfoundry.zoo.resnet_cifar import resnet20

INPUT = (3, 32, 32)
STREAMS, ALL = ("conv1", "layer2.0.conv2", "layer3.0.conv2"), (16, 32, 64)
# Channels of the three streams, and of what is inside each of the nine blocks.
SHAPES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "whole": (ALL, (16, 16, 16, 32, 32, 32, 64, 64, 64)),
    "half of all channels": ((8, 16, 32), (8, 8, 8, 16, 16, 16, 32, 32, 32)),
    "one more than half": ((9, 17, 33), (9, 9, 9, 17, 17, 17, 33, 33, 33)),
    "half of the channels inside blocks": (ALL, (8, 8, 8, 16, 16, 16, 32, 32, 32)),
    "a quarter of the channels inside blocks": (ALL, (4, 4, 4, 8, 8, 8, 16, 16, 16)),
    "16 channels inside blocks": (ALL, (16,) * 9),
    "two blocks of each three": (ALL, (16, 16, 0, 32, 32, 0, 64, 64, 0)),
    "one block of each three": (ALL, (16, 0, 0, 32, 0, 0, 64, 0, 0)),
}


def cut(streams: tuple[int, ...], inside: tuple[int, ...]) -> nn.Module:
    """Leave that many channels of a ResNet20 open and cut out the rest."""
    network = resnet20(num_classes=10).eval()
    images = torch.zeros(2, *INPUT)
    channels = find_channels(network, images)
    masked = ChannelMaskedNetwork(network, channels).eval()
    blocks = [f"layer{stage}.{block}.conv1" for stage in (1, 2, 3) for block in range(3)]
    for name, kept in zip((*STREAMS, *blocks), (*streams, *inside), strict=True):
        # A stream holds the channels of the one before it in its middle, which are closed already.
        numbers = channels.producers[f"{name}.weight"][0]
        is_open = masked.is_open()[numbers]
        masked.logits.data[numbers[is_open][kept:]] = -1.0
    return compact(masked.folded(network), images).eval()


def main() -> None:
    """Time all shapes and print them beside each other."""
    networks = {name: cut(*shape) for name, shape in SHAPES.items()}
    macs = {name: _macs(network) for name, network in networks.items()}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.onnx") for number in range(len(networks))]
        for path, network in zip(paths, networks.values(), strict=True):
            path.write_bytes(onnx_bytes(trace(network, INPUT)))
        images = np.zeros((1, *INPUT), dtype=np.float32)
        latencies = compare_latency(paths, images, threads=1, budget_s=30).latency_ms
    table = Table("what is left", "multiply-adds", "batch 64", "batch 1")
    whole = latencies[0]
    for name, own in zip(networks, latencies, strict=True):
        faster = (f"{whole[batch] / own[batch]:.2f} times" for batch in ("64", "1"))
        table.add_row(name, f"{macs[name] / macs['whole']:.0%}", *faster)
    Console().print(table)


def _macs(network: nn.Module) -> int:
    num_weights = sum(parameter.numel() for parameter in network.parameters())
    everything = torch.ones(num_weights, dtype=torch.bool)
    return sum(cost.macs_dense for cost in layer_costs(network, everything, torch.zeros(2, *INPUT)))


if __name__ == "__main__":
    main()

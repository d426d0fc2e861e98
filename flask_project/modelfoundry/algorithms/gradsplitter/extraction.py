"""Make each module of a split network a plain, small network of its own."""

from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from modelfoundry.algorithms.cutting import cut_out
from modelfoundry.nn.channel_masking import fold_channels
from modelfoundry.nn.channel_price import carried_weights
from modelfoundry.nn.gated_graph import GatedGraph
from modelfoundry.nn.segments import maskable_segments
from modelfoundry.nn.split_network import SplitModule, SplitNetwork
from modelfoundry.nn.target import TargetNetwork


@dataclass(frozen=True)
class Original:
    """What modules are cut from, on the CPU.

    Attributes:
        network: Normalised images to K logits, in eval mode.
        normalize: Turns images in 0-1 into what it takes.
        gated: The same network with gates.
    """

    network: nn.Module
    normalize: nn.Module
    gated: GatedGraph


@dataclass(frozen=True)
class Extracted:
    """One module.

    Attributes:
        network: Images in 0-1 to logits ``(t, 0)``.
        masked: The same function, computed through the mask.
        is_kept: Boolean ``(length,)`` over the maskable segments of the original.
        difference: Between the two, as a share of the largest logit.
    """

    network: nn.Module
    masked: SplitModule
    is_kept: Tensor
    difference: float


def extract(original: Original, split: SplitNetwork, number: int, images: Tensor) -> Extracted:
    """Cut one module out of the original.

    Args:
        split: On the CPU, at the masks and heads to take.
        images: ``(N, C, H, W)`` in 0-1, to check with.

    Raises:
        ExportError: The small network computes something else than the masked one.
    """
    channels = original.gated.channel_map
    is_open = torch.ones(channels.num_channels, dtype=torch.bool)
    is_open[original.gated.channels] = split.is_open()[number]
    masked = SplitModule(split, number).eval()
    folded = TargetNetwork(
        deepcopy(original.normalize),
        fold_channels(original.network, channels, is_open),
        deepcopy(masked.head),
    ).eval()
    smaller, difference = cut_out(folded, masked, images)
    is_kept = carried_weights(maskable_segments(original.network), channels, is_open)
    return Extracted(smaller, masked, is_kept, difference)

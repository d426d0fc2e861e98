"""Let channels of a layer go together, as many as engines compute at once.

An engine reads and writes channels in blocks: a layer of 9 takes as long as one of 16. A layer
that loses whole blocks becomes faster, and one that loses all of its channels goes altogether.
"""

from dataclasses import replace

import torch
from torch import Tensor, nn

from modelfoundry.nn.channel_masking import ChannelMaskedNetwork, produced_axes
from modelfoundry.nn.channels import ChannelMap, Places


def in_groups(network: nn.Module, channels: ChannelMap, images: Tensor, *, size: int) -> ChannelMap:
    """Number groups of channels instead of single ones.

    The channels of a layer are sorted by the size of the weights that make and read them, so that
    a group holds channels that matter equally. Of a layer that the network cannot do without, which
    is one outside of residual blocks, the first group stays, or half of the layer if that is less.

    Args:
        network: In eval mode; only read.
        channels: Of ``network``.
        images: ``(N, C, H, W)``, two or more that differ.
        size: Channels in a group, at least 1; a layer's last group has what is left.
    """
    if size == 1 or channels.num_channels == 0:
        return channels
    masked = ChannelMaskedNetwork(network, channels).eval()
    importance = _importance(masked.network, channels)
    group_of_channel = torch.full((channels.num_channels + 1,), -1)  # the last is what -1 looks up
    is_seen = torch.zeros(channels.num_channels, dtype=torch.bool)
    num_groups = 0
    for numbers in _layers(channels):
        free = numbers[~is_seen[numbers]]
        if not len(free):
            continue
        is_seen[free] = True
        by_importance = free[importance[free].argsort(descending=True)]
        first = 0 if _can_do_without(free, masked, images) else min(size, -(-len(free) // 2))
        for group in by_importance[first:].split(size):
            group_of_channel[group] = num_groups
            num_groups += 1

    def renumbered(places: Places) -> Places:
        return {
            name: {axis: group_of_channel[numbers] for axis, numbers in axes.items()}
            for name, axes in places.items()
        }

    return replace(
        channels,
        num_channels=num_groups,
        producers=renumbered(channels.producers),
        consumers=renumbered(channels.consumers),
        companions=renumbered(channels.companions),
        paddings=renumbered(channels.paddings),
    )


def _layers(channels: ChannelMap) -> list[Tensor]:
    """List the channels that each layer makes, without entries that belong to none."""
    made = [numbers.unique() for axes in channels.producers.values() for numbers in axes.values()]
    return [numbers[numbers >= 0] for numbers in made]


@torch.inference_mode()
def _can_do_without(numbers: Tensor, masked: ChannelMaskedNetwork, images: Tensor) -> bool:
    """Tell whether the network still answers differently to different images."""
    masked.logits.fill_(1.0)
    masked.logits[numbers] = -1.0
    logits = masked(images)
    return not torch.equal(logits, logits[:1].expand_as(logits))


def _importance(fused: nn.Module, channels: ChannelMap) -> Tensor:
    """Return the size of what makes a channel times that of what reads it, ``(channels,)``."""
    made, read = (torch.zeros(channels.num_channels + 1) for _ in range(2))
    for name, axis, numbers in produced_axes(fused, channels):
        made.index_add_(0, numbers % len(made), _sizes(fused.get_parameter(name), axis))
    for name, axes in channels.consumers.items():
        for axis, numbers in axes.items():
            read.index_add_(0, numbers % len(read), _sizes(fused.get_parameter(name), axis))
    return (made * read)[:-1]


def _sizes(parameter: Tensor, axis: int) -> Tensor:
    """Sum what is in each slice along an axis, without its sign, on the CPU."""
    return (
        parameter.detach().abs().transpose(0, axis).reshape(parameter.shape[axis], -1).sum(1).cpu()
    )

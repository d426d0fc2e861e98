"""Masks over whole channels of any network, without editing or copying it.

A channel is closed by multiplying everything that produces it with zero: its row of the
convolution, its bias, and its rate and offset in batch norm. So it is exactly zero after the norm
and can be cut out later. A layer that reads closed channels alone adds nothing either, so that a
residual block without inner channels passes on what it is given, and can be cut out as a whole.
"""

from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.func import functional_call

from modelfoundry.nn.channel_price import ChannelPrice, carried_weights, with_fixed
from modelfoundry.nn.channels import ChannelMap
from modelfoundry.nn.fusing import fuse, keep_statistics_
from modelfoundry.nn.gates import open_gates
from modelfoundry.nn.masking import INITIAL_LOGIT
from modelfoundry.nn.segments import maskable_segments


class ChannelMaskedNetwork(nn.Module):
    """A frozen network seen through trainable channel masks.

    The only trainable parameter is ``logits``, one per removable channel; a channel is open while
    its logit is positive. At the start all are.

    Attributes:
        logits: ``(channels.num_channels,)``.
        charge: Weight in the loss (alpha) of the share of the price that open channels carry, a
            scalar; a recorded step sees it change.
        goal: At or below this share of the price nothing is charged, a scalar in 0-1; a recorded
            step sees it change. One that starts at 0 stays there: everything always pays.

    Args:
        network: Any module in eval mode; only read.
        channels: Of ``network``.
        charge: Where :attr:`charge` starts.
        goal: Where :attr:`goal` starts.
        price: What a channel costs; the weights it carries if absent.
    """

    charge: Tensor
    goal: Tensor
    _channel_of_entry: Tensor
    _feeding: Tensor

    def __init__(
        self,
        network: nn.Module,
        channels: ChannelMap,
        *,
        charge: float = 0.0,
        goal: float = 0.0,
        price: ChannelPrice | None = None,
    ) -> None:
        super().__init__()
        self.segments = maskable_segments(network)
        self.channels = channels
        self.register_buffer("charge", torch.tensor(float(charge)), persistent=False)
        self._has_goal = goal > 0
        self.register_buffer("goal", torch.tensor(goal), persistent=False)
        self.price = price or ChannelPrice(self.segments, channels)
        fused = fuse(network)
        self.network = fused.network.requires_grad_(requires_grad=False)
        for name, offset in fused.bias_offsets.items():  # closed together with the bias
            self.network.get_parameter(name).add_(offset)
        self.logits = nn.Parameter(torch.full((channels.num_channels,), INITIAL_LOGIT))
        self._gated = produced_axes(self.network, channels)
        self._sizes = [len(entries) for _, _, entries in self._gated]
        fed = _fed_biases(self.network, channels)
        self._fed = list(fed)
        self._fed_sizes = [len(numbers) for numbers in fed.values()]
        self._norms = fused.norms
        every_entry = torch.cat([entries for _, _, entries in self._gated])
        self.register_buffer("_channel_of_entry", every_entry, persistent=False)
        every_input = torch.cat([torch.empty(0, dtype=torch.int64), *fed.values()])
        self.register_buffer("_feeding", every_input, persistent=False)

    def train(self, mode: bool = True) -> "ChannelMaskedNetwork":  # noqa: FBT001, FBT002 - torch's
        """Set the mode; batch norm keeps its running statistics even while the masks train."""
        super().train(mode)
        keep_statistics_(self.network)
        return self

    def forward(self, images: Tensor) -> Tensor:
        """Run the network with gated channels; same input and output as the network itself."""
        gates = with_fixed(open_gates(self.logits, self._charges()))
        parts = gates[self._channel_of_entry].split(self._sizes)
        views: dict[str, Tensor] = {}
        for (name, axis, _), part in zip(self._gated, parts, strict=True):
            value = views.get(name, self.network.get_parameter(name))
            views[name] = value * along_axis(part, axis, value.dim())
        inputs = gates[self._feeding].split(self._fed_sizes)
        for name, of_layer in zip(self._fed, inputs, strict=True):
            views[name] = views.get(name, self.network.get_parameter(name)) * _any_open(of_layer)
        output: Tensor = functional_call(self.network, views, (images,))
        return output

    def folded(self, network: nn.Module) -> nn.Module:
        """Return a copy of the network itself, zero wherever the masks have closed it.

        Args:
            network: What was masked, on the CPU like the masks.
        """
        is_open = self.is_open()
        folded = fold_channels(network, self.channels, is_open)
        parameters = dict(folded.named_parameters())
        with torch.no_grad():
            inputs = is_open[self._feeding].split(self._fed_sizes)
            for name, of_layer in zip(self._fed, inputs, strict=True):
                if not of_layer.any():
                    layer = name.removesuffix(".bias")
                    norm = self._norms.get(layer)
                    for each in (name, f"{norm}.weight", f"{norm}.bias"):
                        if each in parameters:
                            parameters[each].zero_()
        return folded

    def _charges(self) -> Tensor:
        """Return what the loss charges for each gate now, ``(num_channels,)``.

        With a goal only gates that are nearest to closing pay, as many as it takes to get there:
        if all paid, those that matter would close in the same step as those that do not.
        """
        is_open = self.is_open()
        prices = self.price.gradient(is_open)
        if not self._has_goal:
            return prices * self.charge
        order = self.logits.detach().masked_fill(~is_open, torch.inf).argsort(stable=True)
        saved_before = prices[order].cumsum(0) - prices[order]
        surplus = self.price.share(is_open) - self.goal
        is_due = torch.empty_like(is_open).scatter_(0, order, saved_before < surplus)
        return prices * (self.charge * (is_due & is_open))

    def is_open(self) -> Tensor:
        """Return the mask as a boolean vector over all channels."""
        return self.logits.detach() > 0

    def is_kept(self) -> Tensor:
        """Return which weights open channels carry, as a boolean vector over all segments."""
        return carried_weights(self.segments, self.channels, self.is_open())

    def retained_ratio(self) -> Tensor:
        """Return the share of weights kept, 0-1, as a scalar on the network's device."""
        return self.is_kept().float().mean()


def fold_channels(network: nn.Module, channels: ChannelMap, is_open: Tensor) -> nn.Module:
    """Return a copy of a network whose closed channels are zero after their norm.

    Args:
        network: On the CPU.
        channels: Of ``network``.
        is_open: Boolean ``(channels.num_channels,)`` on the CPU.
    """
    folded = deepcopy(network)
    gates = with_fixed(is_open.float())
    with torch.no_grad():
        for name, axis, entries in produced_axes(folded, channels):
            parameter = folded.get_parameter(name)
            parameter.mul_(along_axis(gates[entries], axis, parameter.dim()))
    return folded


def _any_open(gates: Tensor) -> Tensor:
    """Return 1 if any gate is open and 0 otherwise, with a gradient for gates that decide it.

    Not a product, whose gradient waits for the device.
    """
    values = gates.detach()
    decides = values.sum() == values  # no other one is open
    return values.amax() + ((gates - values) * decides).sum()


def _fed_biases(network: nn.Module, channels: ChannelMap) -> dict[str, Tensor]:
    """List biases of layers that read removable channels alone, with the numbers of these."""
    parameters = dict(network.named_parameters())
    return {
        bias: axes[1].unique()
        for name, axes in channels.consumers.items()
        if 1 in axes
        and bool((axes[1] >= 0).all())
        and (bias := f"{name.removesuffix('weight')}bias") in parameters
    }


def produced_axes(network: nn.Module, channels: ChannelMap) -> list[tuple[str, int, Tensor]]:
    """List every axis of a parameter that produces channels: name, axis, channel of each entry.

    A bias that folding batch norm has made belongs to the channels of its weight.
    """
    axes = []
    for name, _ in network.named_parameters():
        of_weight = channels.producers.get(f"{name.removesuffix('bias')}weight", {})
        found = channels.producers.get(name, {0: of_weight[0]} if 0 in of_weight else {})
        axes += [(name, axis, entries) for axis, entries in found.items()]
    return axes


def along_axis(values: Tensor, axis: int, dimensions: int) -> Tensor:
    """Shape a vector so that it broadcasts along one axis of a tensor."""
    return values.view(-1, *[1] * (dimensions - axis - 1))

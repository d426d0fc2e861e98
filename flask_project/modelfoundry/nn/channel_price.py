"""What the open channels of a network carry, and what one more of them would cost.

A weight is carried while the channel it makes and the channel it reads are both open, so a layer
carries (open outputs) x (open inputs) x (size of its kernel) weights: bilinear in the gates.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from modelfoundry.nn.channels import ChannelMap
from modelfoundry.nn.segments import Segment


class ChannelPrice(nn.Module):
    """The price of the weights that open channels carry, as a share of the whole network's.

    Args:
        segments: The parameters that are paid for.
        channels: Of the same network.
        entry_prices: Price of each entry of a parameter, by its name; a name that is missing is
            free. Without it each entry costs 1, so that the price is the share of weights.
    """

    _rows: Tensor
    _columns: Tensor
    _prices: Tensor

    def __init__(
        self,
        segments: Sequence[Segment],
        channels: ChannelMap,
        *,
        entry_prices: Mapping[str, float] | None = None,
    ) -> None:
        super().__init__()
        self._num_channels = channels.num_channels
        rows, columns, prices = [], [], []
        for segment in segments:
            of_rows, of_columns = _channels_of(segment, channels)
            rows.append(self._counts(of_rows))
            columns.append(self._counts(of_columns))
            entries = segment.shape.numel() / (len(of_rows) * len(of_columns))
            price = 1.0 if entry_prices is None else entry_prices.get(segment.name, 0.0)
            prices.append(price * entries)
        self.register_buffer("_rows", torch.stack(rows), persistent=False)
        self.register_buffer("_columns", torch.stack(columns), persistent=False)
        self.register_buffer("_prices", torch.tensor(prices), persistent=False)
        self._total = float(self._sum(torch.ones(self._num_channels)))

    def share(self, is_open: Tensor) -> Tensor:
        """Return the price of what is carried, 0-1, for a boolean vector over all channels."""
        return self._sum(is_open) / self._total

    def gradient(self, is_open: Tensor) -> Tensor:
        """Return the derivative of :meth:`share` by each gate, ``(num_channels,)``."""
        gates = with_fixed(is_open.float())
        by_row = self._rows.T @ (self._prices * (self._columns @ gates))
        by_column = self._columns.T @ (self._prices * (self._rows @ gates))
        return (by_row + by_column)[:-1] / self._total

    def _sum(self, is_open: Tensor) -> Tensor:
        gates = with_fixed(is_open.float())
        return (self._prices * (self._rows @ gates) * (self._columns @ gates)).sum()

    def _counts(self, channel_of_entry: Tensor) -> Tensor:
        """Count the entries of each channel; those of none are at the end."""
        of_entry = channel_of_entry % (self._num_channels + 1)  # -1 becomes the last
        return torch.bincount(of_entry, minlength=self._num_channels + 1).float()


def carried_weights(segments: Sequence[Segment], channels: ChannelMap, is_open: Tensor) -> Tensor:
    """Return which weights are carried, as a boolean vector over all segments.

    Args:
        segments: Of the network that ``channels`` belong to.
        is_open: Boolean ``(channels.num_channels,)``.
    """
    gates = with_fixed(is_open)
    kept = []
    for segment in segments:
        of_rows, of_columns = _channels_of(segment, channels)
        grid = gates[of_rows][:, None] & gates[of_columns]
        entries = segment.shape.numel() // grid.numel()
        kept.append(grid.flatten().repeat_interleave(entries))
    return torch.cat(kept)


def with_fixed(gates: Tensor) -> Tensor:
    """Append an open gate, which index -1 finds: that of entries that belong to no channel."""
    return torch.cat([gates, gates.new_ones(1)])


def _channels_of(segment: Segment, channels: ChannelMap) -> tuple[Tensor, Tensor]:
    """Return the channel of each row (axis 0) and column (axis 1) of a parameter."""
    found = {
        **channels.consumers.get(segment.name, {}),
        **channels.producers.get(segment.name, {}),
    }
    sizes = (*segment.shape, 1)
    rows, columns = (
        found.get(axis, torch.full((sizes[axis],), -1, dtype=torch.int64)) for axis in (0, 1)
    )
    return rows, columns

"""The layer that SimCNN, ResCNN and InceCNN are made of."""

from collections.abc import Iterable

from torch import nn


def conv_norm_relu(in_channels: int, out_channels: int, *, kernel_size: int) -> nn.Sequential:
    """Make a convolution that keeps height and width, batch norm and ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


def scaled(channels: Iterable[int], width: float) -> list[int]:
    """Multiply numbers of channels by a width, rounded, at least one each."""
    return [max(1, round(count * width)) for count in channels]

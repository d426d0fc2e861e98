"""InceCNN: a convolutional network for 32x32 images with three parallel convolutions a block.

Source: Qi et al., Reusing Convolutional Neural Network Models through Modularization and
Composition, TOSEM 2023. Differs: none; layers have the published names.
"""

import torch
from torch import Tensor, nn

from modelfoundry.zoo.conv_norm import conv_norm_relu, scaled

STEM_CHANNELS = (64, 128, 256)
# Per block, the channels of its 1x1, 3x3 and 5x5 convolution.
BLOCKS = ((256, 256, 64), (512, 512, 64), (512, 512, 64))
KERNEL_SIZES = (1, 3, 5)


class InceCnn(nn.Module):
    """Three 3x3 convolutions, three blocks of parallel ones, and one linear layer.

    Args:
        num_classes: Number of logits.
        width: Factor on the channels of every convolution.
    """

    def __init__(self, num_classes: int, *, width: float = 1) -> None:
        super().__init__()
        in_channels, number = 3, 0
        for out_channels in scaled(STEM_CHANNELS, width):
            layer = conv_norm_relu(in_channels, out_channels, kernel_size=3)
            self.add_module(f"conv_{number}", layer)
            in_channels, number = out_channels, number + 1
        for block in BLOCKS:
            channels = scaled(block, width)
            for out_channels, kernel_size in zip(channels, KERNEL_SIZES, strict=True):
                layer = conv_norm_relu(in_channels, out_channels, kernel_size=kernel_size)
                self.add_module(f"conv_{number}", layer)
                number += 1
            in_channels = sum(channels)
        self.pool = nn.MaxPool2d(2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(0.4)
        self.fc_12 = nn.Linear(in_channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Map normalised images ``(N, 3, H, W)``, at least 8x8, to logits ``(N, K)``."""
        hidden = images
        for number in range(len(STEM_CHANNELS)):
            hidden = self.get_submodule(f"conv_{number}")(hidden)
        for block in range(len(BLOCKS)):
            hidden = self.pool(hidden)
            first = len(STEM_CHANNELS) + block * len(KERNEL_SIZES)
            branches = range(first, first + len(KERNEL_SIZES))
            hidden = torch.cat([self.get_submodule(f"conv_{n}")(hidden) for n in branches], dim=1)
        logits: Tensor = self.fc_12(self.dropout(self.flatten(self.avgpool(hidden))))
        return logits

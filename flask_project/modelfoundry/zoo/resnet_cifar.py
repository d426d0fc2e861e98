"""Residual networks for 32x32 images: three stages of 16, 32 and 64 channels.

Source: He et al., Deep Residual Learning for Image Recognition, section 4.2 (which uses
option A; option B is section 3.3). Differs: the zeros of option A go to both sides of the channels.
"""

from functools import partial
from typing import Literal

from torch import Tensor, nn

STAGE_CHANNELS = (16, 32, 64)


class PaddedShortcut(nn.Module):
    """Halve height and width by skipping, and fill the new channels with zeros (option A)."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        added = (out_channels - in_channels) // 2
        # It pads the last three axes: the images of a batch count as its channels.
        self.zeros = nn.ZeroPad3d((0, 0, 0, 0, added, added))

    def forward(self, images: Tensor) -> Tensor:
        """Map ``(N, C, H, W)`` to ``(N, 2C, H/2, W/2)``."""
        padded: Tensor = self.zeros(images[:, :, ::2, ::2])
        return padded


def projected_shortcut(in_channels: int, out_channels: int) -> nn.Sequential:
    """Change the shape by a 1x1 convolution of stride 2 (option B)."""
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 1, stride=2, bias=False), nn.BatchNorm2d(out_channels)
    )


class BasicBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    def __init__(self, in_channels: int, out_channels: int, *, downsample: nn.Module) -> None:
        super().__init__()
        stride = 1 if in_channels == out_channels else 2
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.downsample = downsample
        self.relu2 = nn.ReLU()

    def forward(self, images: Tensor) -> Tensor:
        """Map ``(N, C_in, H, W)`` to ``(N, C_out, H', W')``, halved where the channels double."""
        hidden = self.relu1(self.bn1(self.conv1(images)))
        hidden = self.bn2(self.conv2(hidden))
        output: Tensor = self.relu2(hidden + self.downsample(images))
        return output


class CifarResNet(nn.Module):
    """A residual network of ``depth = 6n + 2`` layers."""

    def __init__(self, num_classes: int, *, depth: int, shortcut: Literal["A", "B"]) -> None:
        super().__init__()
        blocks_per_stage = (depth - 2) // 6
        narrow, middle, wide = STAGE_CHANNELS
        self.conv1 = nn.Conv2d(3, narrow, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(narrow)
        self.relu = nn.ReLU()
        self.layer1 = _stage(narrow, narrow, blocks_per_stage, shortcut)
        self.layer2 = _stage(narrow, middle, blocks_per_stage, shortcut)
        self.layer3 = _stage(middle, wide, blocks_per_stage, shortcut)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(wide, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, images: Tensor) -> Tensor:
        """Map normalised images ``(N, 3, 32, 32)`` to logits ``(N, K)``."""
        hidden = self.relu(self.bn1(self.conv1(images)))
        hidden = self.layer3(self.layer2(self.layer1(hidden)))
        logits: Tensor = self.fc(self.flatten(self.avgpool(hidden)))
        return logits


def _stage(
    in_channels: int, out_channels: int, num_blocks: int, shortcut: Literal["A", "B"]
) -> nn.Sequential:
    change_shape = PaddedShortcut if shortcut == "A" else projected_shortcut
    keeps_shape = in_channels == out_channels
    first = nn.Identity() if keeps_shape else change_shape(in_channels, out_channels)
    rest = (
        BasicBlock(out_channels, out_channels, downsample=nn.Identity())
        for _ in range(num_blocks - 1)
    )
    return nn.Sequential(BasicBlock(in_channels, out_channels, downsample=first), *rest)


resnet20 = partial(CifarResNet, depth=20, shortcut="A")
resnet32 = partial(CifarResNet, depth=32, shortcut="A")
resnet44 = partial(CifarResNet, depth=44, shortcut="A")
resnet56 = partial(CifarResNet, depth=56, shortcut="A")
resnet20_b = partial(CifarResNet, depth=20, shortcut="B")
resnet32_b = partial(CifarResNet, depth=32, shortcut="B")
resnet44_b = partial(CifarResNet, depth=44, shortcut="B")
resnet56_b = partial(CifarResNet, depth=56, shortcut="B")

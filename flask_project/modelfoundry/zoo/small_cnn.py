"""A plain network small enough to train in minutes without a GPU."""

from torch import Tensor, nn

CHANNELS = (16, 32, 32, 64, 64)
POOL_AFTER = (1, 3)


class SmallCnn(nn.Module):
    """Five 3x3 convolutions with batch norm, two poolings, and one linear layer."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        in_channels = 3
        for position, out_channels in enumerate(CHANNELS):
            layers += [
                nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(out_channels),
                nn.ReLU(),
            ]
            if position in POOL_AFTER:
                layers.append(nn.MaxPool2d(2))
            in_channels = out_channels
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(in_channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Map normalised images ``(N, 3, H, W)``, at least 4x4, to logits ``(N, K)``."""
        logits: Tensor = self.fc(self.flatten(self.avgpool(self.features(images))))
        return logits

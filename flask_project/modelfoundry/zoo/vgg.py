"""VGG networks with batch norm for 32x32 images.

Source: Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image
Recognition, table 1, columns A, B, D and E. Differs: batch norm after every convolution, and a
classifier of 512 hidden units, since 32x32 images leave one pixel after five poolings.
"""

from functools import partial

from torch import Tensor, nn

WIDTHS = (64, 128, 256, 512, 512)
HIDDEN_UNITS = 512


class CifarVgg(nn.Module):
    """Five groups of 3x3 convolutions, each ended by a pooling, and three linear layers."""

    def __init__(self, num_classes: int, *, convolutions: tuple[int, int, int, int, int]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        in_channels = 3
        for width, count in zip(WIDTHS, convolutions, strict=True):
            for _ in range(count):
                convolution = nn.Conv2d(in_channels, width, 3, padding=1)
                nn.init.kaiming_normal_(convolution.weight, mode="fan_out", nonlinearity="relu")
                layers += [convolution, nn.BatchNorm2d(width), nn.ReLU()]
                in_channels = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.flatten = nn.Flatten()
        self.classifier = nn.Sequential(
            nn.Linear(in_channels, HIDDEN_UNITS),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(HIDDEN_UNITS, HIDDEN_UNITS),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(HIDDEN_UNITS, num_classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Map normalised images ``(N, 3, 32, 32)`` to logits ``(N, K)``."""
        logits: Tensor = self.classifier(self.flatten(self.features(images)))
        return logits


vgg11_bn = partial(CifarVgg, convolutions=(1, 1, 2, 2, 2))
vgg13_bn = partial(CifarVgg, convolutions=(2, 2, 2, 2, 2))
vgg16_bn = partial(CifarVgg, convolutions=(2, 2, 3, 3, 3))
vgg19_bn = partial(CifarVgg, convolutions=(2, 2, 4, 4, 4))

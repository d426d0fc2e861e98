"""ResCNN: a convolutional network for 32x32 images with three shortcuts.

Source: Qi et al., Reusing Convolutional Neural Network Models through Modularization and
Composition, TOSEM 2023. Differs: none; layers have the published names.
"""

from torch import Tensor, nn

from modelfoundry.zoo.conv_norm import conv_norm_relu, scaled

CHANNELS = (64, 128, 128, 128, 256, 512, 512, 512, 512, 512, 512, 512)
POOL_AFTER = (1, 4, 5, 8, 9)
# The layers that a shortcut ends at; it begins after the pooling two layers before.
SHORTCUT_TO = (3, 7, 11)


class ResCnn(nn.Module):
    """Twelve 3x3 convolutions with batch norm, five poolings, and one linear layer.

    Args:
        num_classes: Number of logits.
        width: Factor on the channels of every convolution.
    """

    def __init__(self, num_classes: int, *, width: float = 1) -> None:
        super().__init__()
        in_channels = 3
        for number, out_channels in enumerate(scaled(CHANNELS, width)):
            layer = conv_norm_relu(in_channels, out_channels, kernel_size=3)
            self.add_module(f"conv_{number}", layer)
            in_channels = out_channels
        self.pool = nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout()
        self.fc_12 = nn.Linear(in_channels, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Map normalised images ``(N, 3, 32, 32)`` to logits ``(N, K)``."""
        outputs: list[Tensor] = []
        hidden = images
        for number in range(len(CHANNELS)):
            hidden = self.get_submodule(f"conv_{number}")(hidden)
            if number in SHORTCUT_TO:
                hidden = hidden + outputs[number - 2]
            if number in POOL_AFTER:
                hidden = self.pool(hidden)
            outputs.append(hidden)
        logits: Tensor = self.fc_12(self.dropout(self.flatten(hidden)))
        return logits

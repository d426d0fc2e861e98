"""SimCNN: a plain convolutional network for 32x32 images with a large classifier.

Source: Qi et al., Reusing Convolutional Neural Network Models through Modularization and
Composition, TOSEM 2023. Differs: none; layers have the published names.
"""

from torch import Tensor, nn

from modelfoundry.zoo.conv_norm import conv_norm_relu, scaled

CHANNELS = (64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
POOL_AFTER = (1, 3, 6, 9, 12)
HIDDEN_UNITS = 4096


class SimCnn(nn.Module):
    """Thirteen 3x3 convolutions with batch norm, five poolings, and three linear layers.

    Args:
        num_classes: Number of logits.
        width: Factor on the channels of every convolution and the units of hidden layers.
    """

    def __init__(self, num_classes: int, *, width: float = 1) -> None:
        super().__init__()
        in_channels = 3
        for number, out_channels in enumerate(scaled(CHANNELS, width)):
            layer = conv_norm_relu(in_channels, out_channels, kernel_size=3)
            nn.init.kaiming_normal_(
                layer.get_parameter("0.weight"), mode="fan_out", nonlinearity="relu"
            )
            nn.init.zeros_(layer.get_parameter("0.bias"))
            self.add_module(f"conv_{number}", layer)
            in_channels = out_channels
        self.pool = nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.dropout_13 = nn.Dropout()
        (hidden_units,) = scaled([HIDDEN_UNITS], width)
        self.fc_13 = nn.Linear(in_channels, hidden_units)
        self.relu_13 = nn.ReLU()
        self.dropout_14 = nn.Dropout()
        self.fc_14 = nn.Linear(hidden_units, hidden_units)
        self.relu_14 = nn.ReLU()
        self.fc_15 = nn.Linear(hidden_units, num_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Map normalised images ``(N, 3, 32, 32)`` to logits ``(N, K)``."""
        hidden = images
        for number in range(len(CHANNELS)):
            hidden = self.get_submodule(f"conv_{number}")(hidden)
            if number in POOL_AFTER:
                hidden = self.pool(hidden)
        hidden = self.relu_13(self.fc_13(self.dropout_13(self.flatten(hidden))))
        logits: Tensor = self.fc_15(self.relu_14(self.fc_14(self.dropout_14(hidden))))
        return logits

"""Small networks that between them hold every case masking and fusing must handle."""

import torch
from torch import Tensor, nn


class Residual(nn.Module):
    """Convolutions with and without bias before batch norm, a residual sum, a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(4)
        self.inner = nn.Conv2d(4, 4, 3, padding=1)
        self.inner_norm = nn.BatchNorm2d(4)
        self.dropout = nn.Dropout(0.5)
        self.last = nn.Linear(4, 5)

    def forward(self, images: Tensor) -> Tensor:
        hidden = torch.relu(self.stem_norm(self.stem(images)))
        hidden = torch.relu(self.inner_norm(self.inner(hidden)) + hidden)
        output: Tensor = self.last(self.dropout(hidden.mean(dim=(2, 3))))
        return output


class Untraceable(Residual):
    """Takes a decision on the data, which symbolic tracing cannot follow."""

    def forward(self, images: Tensor) -> Tensor:
        if images.sum() > 0:
            images = images * 2
        return super().forward(images)


class Reused(nn.Module):
    """One convolution and norm called twice; folding the norm twice would be wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 3, 3, padding=1)
        self.norm = nn.BatchNorm2d(3)
        self.last = nn.Linear(3, 2)

    def forward(self, images: Tensor) -> Tensor:
        hidden = self.norm(self.convolution(images))
        hidden = self.norm(self.convolution(torch.relu(hidden)))
        output: Tensor = self.last(hidden.mean(dim=(2, 3)))
        return output


class SharedInput(nn.Module):
    """A convolution whose output goes to its norm and elsewhere, so it cannot be scaled."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 3, 1)
        self.norm = nn.BatchNorm2d(3)
        self.last = nn.Linear(3, 2)

    def forward(self, images: Tensor) -> Tensor:
        hidden = self.convolution(images)
        output: Tensor = self.last((hidden + self.norm(hidden)).mean(dim=(2, 3)))
        return output


def settled(network: nn.Module) -> nn.Module:
    """Give batch norm statistics and rates that are not the identity; in eval mode."""
    generator = torch.Generator().manual_seed(7)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            for tensor, low in (
                (layer.running_mean, -1.0),
                (layer.running_var, 0.5),
                (layer.weight.data, 0.5),
                (layer.bias.data, -1.0),
            ):
                assert tensor is not None
                tensor.copy_(low + torch.rand(tensor.shape, generator=generator))
    return network.eval()

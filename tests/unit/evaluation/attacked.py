"""A small trained-looking network, images, and a plain version of the published attack."""

import numpy as np
import torch
from torch import Tensor, nn

from modelfoundry.data.images import ImageSet
from modelfoundry.nn.normalize import Normalize

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2471, 0.2435, 0.2616)


def small_network(seed: int = 0, outputs: int = 3) -> nn.Sequential:
    """Make a network of 600 weights whose batch norm has seen images."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = nn.Sequential(
            Normalize(MEAN, STD),
            nn.Conv2d(3, 8, 3, padding=1, bias=False),
            nn.BatchNorm2d(8),
            nn.Tanh(),  # smooth, so that rounding does not decide signs
            nn.Conv2d(8, 6, 3, stride=2),
            nn.Flatten(),
            nn.Linear(54, outputs),
        )
        network(torch.rand(64, 3, 8, 8))
    return network.eval()


def some_images(count: int = 12, labels: int = 3) -> ImageSet:
    """Make noise of every colour."""
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (count, 3, 8, 8), dtype=np.uint8)
    return ImageSet(pixels, np.arange(count, dtype=np.int64) % labels)


def plain_attack(features: nn.Module, clean: Tensor, start: Tensor) -> Tensor:
    """Attack one batch as published: 40 steps of 0.01 within 0.1, cut to -2.2 and 2.2."""
    goal = torch.zeros_like(features(clean))
    goal[:, 0] = 1000
    delta = ((start * 2 - 1) * 0.1).detach()
    delta = (clean + delta).clamp(-2.2, 2.2) - clean
    for _ in range(40):
        delta.requires_grad_()
        away = (features(clean + delta) - goal) ** 2
        loss = away[:, 0].mean() + 0.1 * away[:, 1:].mean()
        (gradient,) = torch.autograd.grad(loss, delta)
        delta = (delta.detach() - 0.01 * gradient.sign()).clamp(-0.1, 0.1)
        delta = (clean + delta).clamp(-2.2, 2.2) - clean
    return clean + delta

"""Networks of torchvision and timm with new random weights."""

import timm
from torch import nn
from torchvision import models

# Two networks of torchvision have further outputs that matter to their own training alone.
WITHOUT_FURTHER_OUTPUTS = {"aux_logits": False, "init_weights": True}
TORCHVISION_ARGUMENTS = {
    "googlenet": WITHOUT_FURTHER_OUTPUTS,
    "inception_v3": WITHOUT_FURTHER_OUTPUTS,
}


def torchvision_network(num_classes: int, *, name: str) -> nn.Module:
    """Make a classification network of torchvision, such as ``resnet18``."""
    network: nn.Module = models.get_model(
        name, weights=None, num_classes=num_classes, **TORCHVISION_ARGUMENTS.get(name, {})
    )
    return network


def timm_network(num_classes: int, *, name: str) -> nn.Module:
    """Make a network of timm, such as ``mixer_b16_224``."""
    network: nn.Module = timm.create_model(name, pretrained=False, num_classes=num_classes)
    return network

"""Blocks that have nothing left to do."""

from typing import Any

import torch
from torch import Tensor, nn


def replace_identities_(network: nn.Module, images: Tensor) -> None:
    """Replace blocks that pass on what they are given, because a layer in them has no weights left.

    That they do is tried on noise, which a block that changes anything would change.

    Args:
        network: In eval mode.
        images: ``(N, C, H, W)`` that the network takes, on its device; their content is of no
            matter.
    """
    blocks = {name: block for name, block in network.named_modules() if name and _is_spent(block)}
    if not blocks:
        return
    passing: list[str] = []

    def watch(name: str) -> Any:
        def compare(_: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
            both = (*inputs, output)
            if all(isinstance(each, Tensor) for each in both) and torch.equal(inputs[0], output):
                passing.append(name)

        return compare

    hooks = [block.register_forward_hook(watch(name)) for name, block in blocks.items()]
    noise = torch.randn(images.shape, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        network(noise.to(images))
    for hook in hooks:
        hook.remove()
    for name in passing:
        parent, _, own_name = name.rpartition(".")
        setattr(network.get_submodule(parent), own_name, nn.Identity())


def _is_spent(block: nn.Module) -> bool:
    """Tell whether a block has layers, and one of them no weight but zeros."""
    matrices = (each for each in block.parameters() if each.dim() > 1)
    return any(block.children()) and not all(bool(each.any()) for each in matrices)

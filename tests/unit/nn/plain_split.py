"""The published way to compute modules, one after another, to compare with.

Each module runs the whole network by itself; hooks multiply what a layer puts out by its mask.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn


class Step(torch.autograd.Function):
    @staticmethod
    def forward(_ctx: Any, mask: Tensor) -> Tensor:
        return (mask > 0).to(mask.dtype)

    @staticmethod
    def backward(_ctx: Any, grad: Tensor) -> Tensor:
        return grad.clamp(-1, 1)


def plain_scores(
    network: nn.Module,
    heads: Sequence[nn.Module],
    masks: Tensor,
    columns_by_layer: Mapping[str, Tensor],
    images: Tensor,
) -> Tensor:
    """Return the scores of all modules, ``(B, N)``.

    Args:
        masks: ``(N, kernels)``.
        columns_by_layer: For each layer whose output is masked, the kernel of every channel.
    """
    scores = [_plain_logits(network, mask, columns_by_layer, images) for mask in masks]
    return torch.cat(
        [head(logits).sigmoid() for head, logits in zip(heads, scores, strict=True)], 1
    )


def _plain_logits(
    network: nn.Module, mask: Tensor, columns_by_layer: Mapping[str, Tensor], images: Tensor
) -> Tensor:
    hooks = [
        network.get_submodule(name).register_forward_hook(
            lambda _layer, _inputs, output, columns=columns: (
                output * Step.apply(mask[columns]).view(-1, 1, 1)
            )
        )
        for name, columns in columns_by_layer.items()
    ]
    try:
        logits: Tensor = network(images)
    finally:
        for hook in hooks:
            hook.remove()
    return logits

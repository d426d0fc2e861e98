"""Trainable 0/1 switches."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

CACHED_PART = 2**18  # elements; a megabyte of float32


class _GatedWeights(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, logits: Tensor, weights: Tensor, charge: Tensor, dtype: torch.dtype
    ) -> Tensor:
        ctx.save_for_backward(weights, charge)
        gated = weights.new_empty(weights.shape, dtype=dtype)
        for part, of_logits, of_weights in _in_parts(gated, logits, weights):
            # Not torch.where, which is a branch for every weight and five times as slow on a CPU.
            torch.gt(of_logits, 0, out=part).mul_(of_weights)
        return gated

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None, None]:
        weights, charge = ctx.saved_tensors
        counted = charge.clamp(max=1)
        gradient = weights.new_empty(weights.shape)
        for part, of_grad, of_weights in _in_parts(gradient, grad, weights):
            torch.mul(of_grad, of_weights, out=part).clamp_(-1, 1).add_(counted)
        return gradient, None, None, None


def _in_parts(*tensors: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Walk through tensors side by side: on the CPU, in parts that stay in its cache.

    The first one is written to, so it must be contiguous.
    """
    flat = [tensor.reshape(-1) for tensor in tensors]
    size = CACHED_PART if flat[0].device.type == "cpu" else max(1, flat[0].numel())
    return zip(*(tensor.split(size) for tensor in flat), strict=True)


class _OpenGates(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, logits: Tensor, charge: Tensor) -> Tensor:
        ctx.save_for_backward(charge)
        return (logits > 0).to(logits.dtype)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        (charge,) = ctx.saved_tensors
        return grad.clamp(-1, 1).add_(charge.clamp(max=1)), None


def open_gates(logits: Tensor, charge: Tensor) -> Tensor:
    """Turn the signs of logits into gates of 0 and 1, keeping the logits trainable.

    The gates are for things that several weights share, a channel for one; otherwise
    :func:`gate_weights` is cheaper.

    Args:
        logits: Any shape; ``> 0`` opens.
        charge: Same shape: the derivative of a retention term by each gate, which is added to
            the gradient, counted up to 1, as clipped.

    Source: as :func:`gate_weights`.
    """
    gates: Tensor = _OpenGates.apply(logits, charge)
    return gates


def gate_weights(
    logits: Tensor,
    weights: Tensor,
    *,
    charge: Tensor,
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """Switch weights on or off by the sign of their logits, keeping the logits trainable.

    Forward is ``weights * (logits > 0)``. The step has no useful gradient, so backward takes the
    gradient of the gate to be that of the logit, clipped to [-1, 1]; ``weights`` get none.

    The charge for keeping weights enters here too: a loss term ``alpha * mean(gates)`` over ``n``
    gates has the constant gradient ``alpha / n``, so pass that as ``charge`` instead of building
    the term in the graph.

    Args:
        logits: Any shape; ``> 0`` keeps, ``<= 0`` drops.
        weights: Same shape as ``logits``.
        charge: Gradient of the retention term for every logit, a scalar on their device; counted
            up to 1, as clipped.
        dtype: Of the result; gradients of ``logits`` stay in that of ``weights``.

    Returns:
        Same shape as ``weights``.

    Source:
        SeaM (Qi et al., ICSE 2023), straight-through mask binarisation.
        Differs: the retention term's gradient is added in closed form.
    """
    gated: Tensor = _GatedWeights.apply(logits, weights, charge, dtype)
    return gated

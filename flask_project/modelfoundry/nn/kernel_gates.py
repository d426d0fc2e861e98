"""Gates over the kernels of several modules at once, on activations they compute together.

Modules of one network share its weights and differ in their masks alone. So their batches lie one
behind another in one long batch, ``(N * B, C, ...)`` for N modules and B images, and only a gate
treats them differently.
"""

from typing import Any

import torch
from torch import Tensor


class _GateKernels(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor, logits: Tensor, rectifies: bool, is_shared: bool) -> Any:  # noqa: FBT001 - torch's signature
        active = values.relu() if rectifies else values
        by_module = active.unsqueeze(0) if is_shared else _by_module(active, logits)
        is_open = _broadcast((logits > 0).to(values.dtype), values.dim())
        gated = _blank(active, len(logits) * by_module.shape[1])
        torch.mul(by_module, is_open, out=_by_module(gated, logits))
        ctx.rectifies, ctx.is_shared = rectifies, is_shared
        ctx.save_for_backward(active, logits)
        return gated

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, Tensor, None, None]:
        active, logits = ctx.saved_tensors
        of_output = _by_module(grad, logits)
        by_module = active.unsqueeze(0) if ctx.is_shared else _by_module(active, logits)
        others = [axis for axis in range(by_module.dim()) if axis not in (0, 2)]
        of_gates = (of_output * by_module).sum(others, dtype=logits.dtype)
        of_values = None
        if ctx.needs_input_grad[0] and not ctx.is_shared:
            is_open = _broadcast((logits > 0).to(grad.dtype), grad.dim())
            of_values = (of_output * is_open).flatten(0, 1)
            if ctx.rectifies:
                of_values = torch.ops.aten.threshold_backward(of_values, active, 0)
        return of_values, of_gates.clamp_(-1, 1), None, None


class _Charged(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, logits: Tensor, charge: Tensor) -> Tensor:
        ctx.save_for_backward(charge)
        return logits.view_as(logits)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        (charge,) = ctx.saved_tensors
        return grad + charge, None


def gate_kernels(values: Tensor, logits: Tensor, *, rectifies: bool, is_shared: bool) -> Tensor:
    """Switch kernels on or off for each module, keeping the logits trainable.

    Forward is ``values * (logits > 0)``. The step has no useful gradient, so backward takes the
    gradient of the gate to be that of the logit: the sum over images and pixels of gradient times
    ungated value, which a closed kernel has too, clipped to [-1, 1] once it is complete.

    Args:
        values: ``(N * B, C, ...)``, or ``(B, C, ...)`` where they are the same for all modules.
        logits: ``(N, C)``; ``> 0`` opens.
        rectifies: Whether to apply ReLU to the values first.
        is_shared: Whether the values are the same for all modules; then they get no gradient.

    Returns:
        ``(N * B, C, ...)``, laid out in memory as ``values`` are.

    Source:
        GradSplitter (Qi et al., TOSEM 2023), binarisation of kernel masks.
        Differs: all modules in one call; ReLU, gate and reduction together.
    """
    gated: Tensor = _GateKernels.apply(values, logits, rectifies, is_shared)
    return gated


def charged(logits: Tensor, charge: Tensor) -> Tensor:
    """Return the logits with a constant charge for each that is added to its gradient.

    Args:
        logits: Any shape.
        charge: Broadcasts to it: the derivative of a retention term by each gate.
    """
    same: Tensor = _Charged.apply(logits, charge)
    return same


def repeat_for_modules(values: Tensor, logits: Tensor) -> Tensor:
    """Turn values ``(B, ...)`` that are the same for all N modules into ``(N * B, ...)``."""
    return torch.cat([values] * len(logits))


def _by_module(values: Tensor, logits: Tensor) -> Tensor:
    """View ``(N * B, C, ...)`` as ``(N, B, C, ...)``."""
    apart: Tensor = values.unflatten(0, (len(logits), -1))
    return apart


def _broadcast(gates: Tensor, dimensions: int) -> Tensor:
    """Shape gates ``(N, C)`` for values ``(N, B, C, ...)`` that had ``dimensions`` axes before."""
    return gates[:, None, :].view(len(gates), 1, -1, *[1] * (dimensions - 2))


def _blank(like: Tensor, length: int) -> Tensor:
    """Make an unset tensor of another first size, laid out in memory as ``like`` is."""
    shape = (length, *like.shape[1:])
    is_last = like.dim() == 4 and like.is_contiguous(memory_format=torch.channels_last)  # noqa: PLR2004 - images
    layout = torch.channels_last if is_last else torch.contiguous_format
    return torch.empty(shape, dtype=like.dtype, device=like.device, memory_format=layout)

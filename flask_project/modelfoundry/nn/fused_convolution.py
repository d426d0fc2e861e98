"""A convolution that adds and rectifies while it writes its output, and its gradient too.

Beside its convolutions a training step walks through every activation several times more: to
add it to a shortcut, to rectify it, and to do both again for the gradients. On a CPU in bfloat16
those walks are a fifth of a step of a residual network. oneDNN spares most of them.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from modelfoundry.nn.small_images import has_few_pixels, weight_gradient

CONVOLVE = torch.ops.mkldnn._convolution_pointwise.default
CONVOLVE_AND_ADD = torch.ops.mkldnn._convolution_pointwise.binary
CONVOLVE_BACK = torch.ops.aten.convolution_backward.default


@dataclass(frozen=True)
class _Recipe:
    """How a convolution moves over an image, rows before columns, and whether ReLU follows."""

    stride: list[int]
    padding: list[int]
    dilation: list[int]
    is_rectified: bool

    def output_shape(self, images: Tensor, weight: Tensor) -> list[int]:
        """Return ``(N, C_out, H', W')``."""
        reach = [d * (k - 1) + 1 for d, k in zip(self.dilation, weight.shape[2:], strict=True)]
        moves = zip(images.shape[2:], self.padding, reach, self.stride, strict=True)
        return [len(images), len(weight), *((size + 2 * p - r) // s + 1 for size, p, r, s in moves)]

    def backward(self, weight: Tensor) -> "_Recipe":
        """Return the recipe that takes gradients back with turned weights, where stride is 1."""
        axes = zip(self.dilation, weight.shape[2:], self.padding, strict=True)
        padding = [d * (k - 1) - p for d, k, p in axes]
        return replace(self, padding=padding, is_rectified=False)


class FusedConvolution(nn.Module):
    """A convolution, the sum with another tensor, and ReLU, the latter two as wanted.

    Has the parameters of the convolution it is made of, under their names. The fast way is for
    training on a CPU under bfloat16 autocast; elsewhere it runs one after another.

    Args:
        convolution: In one group, padded with zeros by numbers; gives its parameters away.
        is_rectified: End with ReLU.
        passes_input: Return ``(output, images)``. What else reads ``images`` should read what
            comes back: its gradient is then added while that of this convolution is written.
            Needs :func:`can_pass_input`.
    """

    def __init__(self, convolution: nn.Conv2d, *, is_rectified: bool, passes_input: bool) -> None:
        super().__init__()
        self.weight, self.bias = convolution.weight, convolution.bias
        self._passes_input = passes_input
        self._recipe = _Recipe(
            list(convolution.stride),
            [int(pad) for pad in convolution.padding],
            list(convolution.dilation),
            is_rectified,
        )

    def forward(
        self, images: Tensor, added: Tensor | None = None
    ) -> Tensor | tuple[Tensor, Tensor]:
        """Map ``(N, C_in, H, W)`` to ``(N, C_out, H', W')``.

        Args:
            added: To the convolution's output, before ReLU.
        """
        run = self._fast if self._is_fast(images, added) else self._plain
        output, passed = run(images, added)
        return (output, passed) if self._passes_input else output

    def _is_fast(self, images: Tensor, added: Tensor | None) -> bool:
        return (
            images.device.type == "cpu"
            and torch.is_autocast_enabled("cpu")
            and torch.get_autocast_dtype("cpu") is torch.bfloat16
            and _has_onednn()
            # oneDNN adds only what has the shape already.
            and (
                added is None or list(added.shape) == self._recipe.output_shape(images, self.weight)
            )
        )

    def _fast(self, images: Tensor, added: Tensor | None) -> tuple[Tensor, Tensor]:
        output, passed = _Fused.apply(
            images.bfloat16(),
            self.weight.bfloat16(),
            None if self.bias is None else self.bias.bfloat16(),
            None if added is None else added.bfloat16(),
            self._recipe,
        )
        is_worth_passing = images.requires_grad and images.dtype is torch.bfloat16
        return output, passed if is_worth_passing else images

    def _plain(self, images: Tensor, added: Tensor | None) -> tuple[Tensor, Tensor]:
        recipe = self._recipe
        output = conv2d(
            images,
            self.weight,
            self.bias,
            recipe.stride,
            recipe.padding,
            recipe.dilation,
        )
        if added is not None:
            output = output + added
        # Nothing else reads it, and the backward of both does without their output.
        return torch.relu_(output) if recipe.is_rectified else output, images


def can_pass_input(convolution: nn.Conv2d) -> bool:
    """Tell whether the gradient of a convolution's input is a plain convolution itself."""
    reach = [
        d * (k - 1) for d, k in zip(convolution.dilation, convolution.kernel_size, strict=True)
    ]
    pads = [int(pad) for pad in convolution.padding]
    return set(convolution.stride) == {1} and all(p <= r for p, r in zip(pads, reach, strict=True))


class _Fused(torch.autograd.Function):
    """The fast way, on bfloat16 tensors; returns its output and its input."""

    @staticmethod
    def forward(  # noqa: PLR0917 - torch passes by position
        ctx: Any,
        images: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        added: Tensor | None,
        recipe: _Recipe,
    ) -> tuple[Tensor, Tensor]:
        ctx.recipe = recipe
        ctx.set_materialize_grads(False)
        weight = _channels_last(weight)
        output = _convolve(_channels_last(images), weight, bias, added, recipe)
        ctx.save_for_backward(images, weight, output if recipe.is_rectified else None)
        return output, images

    @staticmethod
    def backward(ctx: Any, grad: Tensor | None, of_passed: Tensor | None) -> Any:
        if grad is None:
            return of_passed, None, None, None, None
        images, weight, output = ctx.saved_tensors
        needs_images, needs_weight, needs_bias, needs_added, _ = ctx.needs_input_grad
        recipe = ctx.recipe
        if recipe.is_rectified:
            grad = _where_positive(grad, output)
        is_small = needs_weight and set(recipe.dilation) == {1} and has_few_pixels(grad)
        of_images, of_weight, of_bias = CONVOLVE_BACK(
            grad,
            images,
            weight,
            [len(weight)] if needs_bias else None,
            recipe.stride,
            recipe.padding,
            recipe.dilation,
            False,  # noqa: FBT003 - not transposed
            [0, 0],
            1,
            # oneDNN sums up the bias' gradient on its way through the weights', so both or none.
            [
                needs_images and of_passed is None,
                needs_weight and not is_small,
                needs_bias and not is_small,
            ],
        )
        if is_small:
            kernel = list(weight.shape[2:])
            of_weight = weight_gradient(
                grad, images, kernel, stride=recipe.stride, padding=recipe.padding
            )
            of_bias = grad.sum((0, 2, 3)) if needs_bias else None
        if of_passed is not None:
            back = recipe.backward(weight)
            turned = _channels_last(weight.transpose(0, 1).flip(2, 3))
            of_images = _convolve(_channels_last(grad), turned, None, of_passed, back)
        return of_images, of_weight, of_bias, grad if needs_added else None, None


def _convolve(
    images: Tensor, weight: Tensor, bias: Tensor | None, added: Tensor | None, recipe: _Recipe
) -> Tensor:
    moves = (recipe.padding, recipe.stride, recipe.dilation, 1)
    output: Tensor
    if added is None:
        last = "relu" if recipe.is_rectified else "none"
        output = CONVOLVE(images, weight, bias, *moves, last, [], None)
    else:
        then = "relu" if recipe.is_rectified else None
        output = CONVOLVE_AND_ADD(
            images, _channels_last(added), weight, bias, *moves, "add", 1.0, then, [], None
        )
    return output


def _where_positive(grad: Tensor, output: Tensor) -> Tensor:
    """Return the gradient before ReLU from the one after it.

    The bits of a bfloat16 make a positive int16 just where the number is positive, and comparing
    integers is several times faster.
    """
    bits = grad.view(torch.int16), output.view(torch.int16)
    kept: Tensor = torch.ops.aten.threshold_backward(*bits, 0)
    return kept.view(torch.bfloat16)


def _channels_last(images: Tensor) -> Tensor:
    return images.contiguous(memory_format=torch.channels_last)


@cache
def _has_onednn() -> bool:
    is_built_in = torch.backends.mkldnn.is_available()
    return is_built_in and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())

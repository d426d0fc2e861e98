"""The gradient of a convolution's weights where the image has only a few pixels.

oneDNN's own spreads its work over the pixels, so on 2 x 2 of them, as deep in a VGG, it runs at a
third of its speed. Written out as one matrix product the same sum is two to seven times as fast.
"""

from torch import Tensor
from torch.nn.functional import pad

MOST_PIXELS = 9  # of the output; at 4 x 4 both ways are equally fast


def has_few_pixels(outputs: Tensor) -> bool:
    """Tell whether :func:`weight_gradient` is the faster way for outputs ``(N, C, H, W)``."""
    return outputs.shape[2] * outputs.shape[3] <= MOST_PIXELS


def weight_gradient(
    grad: Tensor, images: Tensor, kernel: list[int], *, stride: list[int], padding: list[int]
) -> Tensor:
    """Return the gradient of the weights of an undilated convolution in one group.

    Args:
        grad: Of the output, ``(N, C_out, H', W')``.
        images: ``(N, C_in, H, W)``.
        kernel: ``[height, width]``.
        stride: Rows, columns.
        padding: With zeros, rows and columns on either side.

    Returns:
        ``(C_out, C_in, height, width)``, channels last.
    """
    rows, columns = padding
    padded = pad(images, (columns, columns, rows, rows)).permute(0, 2, 3, 1)
    windows = padded.unfold(1, kernel[0], stride[0]).unfold(2, kernel[1], stride[1])
    # (N, H', W', C_in, height, width); channels last, so that whole rows of them are copied.
    windows = windows.permute(0, 1, 2, 4, 5, 3)
    by_pixel = windows.flatten(3).flatten(0, 2)
    flat = grad.permute(0, 2, 3, 1).flatten(0, 2).t() @ by_pixel
    of_weight: Tensor = flat.view(len(flat), *windows.shape[3:])
    return of_weight.permute(0, 3, 1, 2)

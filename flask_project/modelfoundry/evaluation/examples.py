"""Pictures of images before and after an attack."""

import base64
import io

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from modelfoundry.evaluation.robustness_report import Example

LARGEST_SIDE = 96
MAX_EXAMPLES = 8


def changed_examples(
    clean: Tensor, attacked: Tensor, labels: Tensor, answers: Tensor, *, at_most: int
) -> list[Example]:
    """Show the first images whose answer was right and is another one after an attack.

    Args:
        clean: Float ``(N, C, H, W)`` in 0-1, answered as ``labels``.
        attacked: The same images, answered as ``answers``.
        labels: int64 ``(N,)``.
        answers: int64 ``(N,)``.
        at_most: How many pairs to make.
    """
    rows = torch.nonzero(answers != labels).flatten().tolist()[: max(0, at_most)]
    return [
        Example(
            label=int(labels[row]),
            clean_answer=int(labels[row]),
            attacked_answer=int(answers[row]),
            clean_png=png_base64(clean[row]),
            attacked_png=png_base64(attacked[row]),
        )
        for row in rows
    ]


def png_base64(image: Tensor) -> str:
    """Write a float image in 0-1, ``(C, H, W)`` with one or three channels, as base64 of a PNG.

    What lies outside 0-1 is cut. Of an image larger than 96 pixels only every n-th pixel is
    written, not a mean, so that a small difference of two images stays what it is.
    """
    stride = -(-max(image.shape[1:]) // LARGEST_SIDE)
    thinned = image[:, ::stride, ::stride].clamp(0, 1) * 255
    pixels: npt.NDArray[np.uint8] = thinned.round().byte().permute(1, 2, 0).cpu().numpy()
    file = io.BytesIO()
    Image.fromarray(pixels.squeeze(2) if pixels.shape[2] == 1 else pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()

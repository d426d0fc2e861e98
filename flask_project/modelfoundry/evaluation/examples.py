"""Pictures of images before and after an attack."""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image
from torch import Tensor

LARGEST_SIDE = 96


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

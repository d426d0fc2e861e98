"""What an ONNX file says about images: the file that is downloaded, run as its user would."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from modelfoundry.data.images import ImageSet
from modelfoundry.onnx_engine import open_session
from modelfoundry.progress import Reporter

BATCH = 256


def unit_images(images: ImageSet, rows: slice) -> npt.NDArray[np.float32]:
    """Return some images as networks take them: float32 ``(N, C, H, W)`` in 0-1."""
    height, width = images.images.shape[2:]
    side_h, side_w = (images.side, images.side) if images.side else (height, width)
    top, left = (height - side_h) // 2, (width - side_w) // 2
    centre = images.images[rows, :, top : top + side_h, left : left + side_w]
    floats: npt.NDArray[np.float32] = centre.astype(np.float32) / np.float32(255)
    return floats


def onnx_logits(
    path: Path, images: ImageSet, *, stage: str, reporter: Reporter
) -> npt.NDArray[np.float32]:
    """Run a file on every image.

    Args:
        path: A network with one input ``(N, C, H, W)`` in 0-1 and one output ``(N, K)``.
        stage: What the reporter calls this.

    Returns:
        float32 ``(N, K)``.

    Raises:
        Cancelled: Between two batches, when the reporter says so.
    """
    session = open_session(path)
    name = session.get_inputs()[0].name
    batches = []
    for start in range(0, len(images), BATCH):
        reporter.raise_if_cancelled()
        (logits,) = session.run(None, {name: unit_images(images, slice(start, start + BATCH))})
        batches.append(logits)
        reporter.advance(stage, done=min(start + BATCH, len(images)), total=len(images))
    return np.concatenate(batches)

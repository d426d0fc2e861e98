"""Bring the images of one data set to the size that a network for another one takes."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import numpy.typing as npt

from modelfoundry.data.images import Dataset, ImageSet

Pixels = npt.NDArray[np.uint8]


def fit_dataset(dataset: Dataset, input_shape: tuple[int, int, int]) -> Dataset:
    """Resize every image of a data set to ``(C, H, W)``; nothing is copied if it has it already.

    The whole image is scaled, bilinearly, whatever its sides; a margin for random crops is scaled
    with it.
    """
    return Dataset(
        train=fit_images(dataset.train.whole(), input_shape),
        test=fit_images(dataset.test.whole(), input_shape),
    )


def fit_images(images: ImageSet, input_shape: tuple[int, int, int]) -> ImageSet:
    """Resize images as :func:`fit_dataset` does."""
    _, height, width = input_shape
    stored = images.images.shape[2:]
    taken = stored if images.side is None else (images.side, images.side)
    if taken == (height, width):
        return images
    size = tuple(
        round(now * wanted / served)
        for now, wanted, served in zip(stored, (height, width), taken, strict=True)
    )
    resized = np.empty((len(images), images.images.shape[1], *size), dtype=np.uint8)
    resize = partial(_resize, size=size)
    # Pillow resizes without holding up other threads.
    with ThreadPoolExecutor() as threads:
        for row, image in enumerate(threads.map(resize, images.images)):
            resized[row] = image
    return ImageSet(resized, images.labels, None if images.side is None else height)


def _resize(image: Pixels, *, size: tuple[int, ...]) -> Pixels:
    from PIL import Image  # noqa: PLC0415 - only needed here, and slow to load

    height, width = size
    shown = Image.fromarray(image.transpose(1, 2, 0))
    resized = shown.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(resized).transpose(2, 0, 1)

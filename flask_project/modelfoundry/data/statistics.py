"""What images are normalised with."""

import numpy as np

from modelfoundry.data.images import ImageSet


def channel_statistics(images: ImageSet) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and standard deviation per channel, of images scaled to 0-1."""
    # One channel after the other: the intermediate values take four times the room of the pixels.
    channels = [images.images[:, channel] for channel in range(images.images.shape[1])]
    mean = [float(pixels.mean(dtype=np.float64)) / 255 for pixels in channels]
    std = [float(pixels.std(dtype=np.float32)) / 255 for pixels in channels]
    return tuple(np.round(mean, 4).tolist()), tuple(np.round(std, 4).tolist())

import numpy as np

from modelfoundry.data.images import ImageSet
from modelfoundry.data.statistics import channel_statistics


def test_statistics_are_of_each_channel_scaled_to_one():
    images = np.zeros((2, 3, 1, 2), dtype=np.uint8)
    images[:, 0] = 255
    images[:, 1, 0, 0] = 255  # half of the second channel

    mean, std = channel_statistics(ImageSet(images, np.zeros(2, dtype=np.int64)))

    assert mean == (1.0, 0.5, 0.0)
    assert std == (0.0, 0.5, 0.0)

from types import SimpleNamespace

import numpy as np

from modelfoundry.data.torchvision_sets import as_image_set

NHWC = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)


def test_cifar_layout_is_brought_to_channels_first():
    images = as_image_set(SimpleNamespace(data=NHWC, targets=[7, 1]))
    assert images.images[1, 2, 3, 0] == NHWC[1, 3, 0, 2]
    assert images.labels.tolist() == [7, 1]


def test_svhn_layout_is_kept():
    nchw = np.ascontiguousarray(NHWC.transpose(0, 3, 1, 2))
    images = as_image_set(SimpleNamespace(data=nchw, labels=np.array([3, 0])))
    assert (images.images == nchw).all()
    assert images.labels.dtype == np.int64

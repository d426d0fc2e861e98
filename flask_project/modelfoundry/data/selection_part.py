"""Divide a test set: a small part to choose modules with, and the rest to report on."""

import numpy as np

from modelfoundry.data.images import Dataset, ImageSet

SELECTION_PERCENT = 20


def split_test(dataset: Dataset) -> tuple[ImageSet, ImageSet]:
    """Split the test images into a selection part and a test part; always the same way.

    The selection part is the first fifth in the data set's own order, as published. Where a class
    would be missing from it, as when the images are sorted by class, it is the first fifth of
    every class, each rounded up.

    Returns:
        The selection part, which modules are chosen with, and the test part, which is read once
        everything is chosen.
    """
    labels = dataset.test.labels
    order = np.arange(len(labels))
    is_selected = order < len(labels) * SELECTION_PERCENT // 100
    if len(np.unique(labels[is_selected])) < len(np.unique(labels)):
        is_selected = np.zeros(len(labels), dtype=bool)
        for label in np.unique(labels):
            members = np.flatnonzero(labels == label)
            is_selected[members[: -(-len(members) * SELECTION_PERCENT // 100)]] = True
    return dataset.test.take(order[is_selected]), dataset.test.take(order[~is_selected])

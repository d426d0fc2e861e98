"""Write the first images of every class of a data set to a file that can be imported.

    python benchmarks/fewer_images.py cifar10 few.npz --train 500 --test 400
    modelfoundry data import cifar10few few.npz

The numbers are images of a class.
"""

import argparse
from pathlib import Path

import numpy as np

from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.data.images import ImageSource
from modelfoundry.settings import Settings


def first_of_each(images: ImageSource, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return images ``(N, H, W, C)`` and labels, class by class."""
    classes = np.unique(images.labels)
    rows = np.concatenate([np.flatnonzero(images.labels == each)[:count] for each in classes])
    taken = images.take(rows)
    return taken.images.transpose(0, 2, 3, 1), taken.labels


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset")
    parser.add_argument("file", type=Path)
    parser.add_argument("--train", type=int, required=True, help="Training images of a class.")
    parser.add_argument("--test", type=int, required=True, help="Test images of a class.")
    arguments = parser.parse_args()
    home = Settings.from_environment().home
    dataset = load_dataset(home, arguments.dataset)
    arrays = {"classes": np.array(find_dataset(home, arguments.dataset).classes)}
    for part, source, count in (
        ("train", dataset.train, arguments.train),
        ("test", dataset.test, arguments.test),
    ):
        arrays[f"{part}_x"], arrays[f"{part}_y"] = first_of_each(source, count)
    np.savez(arguments.file, **arrays)


if __name__ == "__main__":
    main()

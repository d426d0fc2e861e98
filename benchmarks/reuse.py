"""One table of scores for all pairs of two data sets, against asking every module for every pair.

    python benchmarks/reuse.py --pairs 2

Takes 10 estimators of each of two data sets with 10 classes, so 200 modules and 100 pairs. As
published, each pair loads its 20 modules and runs them on its own images that choose, and the two
chosen ones on those that report; that is timed on a few pairs and multiplied. The table asks each
module once about all images that choose, and each one that was chosen for any pair once about all
that report. Weights and images are random: what is compared is time.
"""

import argparse
import io
import time

import numpy as np
import torch
from torch import nn

from modelfoundry.algorithms.reuse.choice import published
from modelfoundry.algorithms.reuse.scores import ScoreTable, margins_of
from modelfoundry.data.images import ImageSet
from modelfoundry.training.device import best_device, device_label
from modelfoundry.training.device_images import DeviceImages
from modelfoundry.zoo.simcnn import SimCnn

CLASSES, ESTIMATORS = 10, 10
OUTPUTS = 2 * CLASSES
WIDTH = 0.125


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=1000, help="of both data sets together")
    parser.add_argument("--pairs", type=int, default=2, help="timed as published")
    arguments = parser.parse_args()
    selection, test = _images(arguments.images // 5), _images(arguments.images * 4 // 5)
    stored = [_stored_module(seed) for seed in range(OUTPUTS * ESTIMATORS)]
    rows_of_output = np.arange(len(stored)).reshape(OUTPUTS, ESTIMATORS).tolist()
    pairs = [(a, b) for a in range(CLASSES) for b in range(CLASSES, OUTPUTS)]

    started = time.perf_counter()
    margins = np.stack([_ask(module, selection) for module in stored])
    table = ScoreTable(margins, selection.labels, rows_of_output)
    chosen = {row for pair in pairs for row in published(table.among(pair)).rows}
    for row in chosen:
        _ask(stored[row], test)
    once_s = time.perf_counter() - started

    started = time.perf_counter()
    for pair in pairs[: arguments.pairs]:
        candidates = [*rows_of_output[pair[0]], *rows_of_output[pair[1]]]
        of_pair = _among(selection, pair)
        margins = np.stack([_ask(stored[row], of_pair) for row in candidates])
        places = [list(range(ESTIMATORS)), list(range(ESTIMATORS, 2 * ESTIMATORS))]
        best = published(ScoreTable(margins, (of_pair.labels == pair[1]).astype(int), places))
        for place in best.rows:
            _ask(stored[candidates[place]], _among(test, pair))
    each_s = (time.perf_counter() - started) * len(pairs) / arguments.pairs

    print(f"{device_label(best_device())}, {arguments.images} images, {len(stored)} modules")
    print(f"one table: {once_s:.1f} s, {len(stored) + len(chosen)} modules loaded and run")
    print(
        f"each pair by itself: {each_s:.1f} s (from {arguments.pairs}), "
        f"{(2 * ESTIMATORS + 2) * len(pairs)} modules loaded and run"
    )
    print(f"ratio {each_s / once_s:.1f}")


def _images(count: int) -> ImageSet:
    images = np.random.default_rng(0).integers(0, 256, (count, 3, 32, 32), dtype=np.uint8)
    return ImageSet(images, np.arange(count) % OUTPUTS)


def _among(images: ImageSet, pair: tuple[int, int]) -> ImageSet:
    return images.take(np.flatnonzero(np.isin(images.labels, pair)))


def _stored_module(seed: int) -> bytes:
    torch.manual_seed(seed)
    content = io.BytesIO()
    torch.save(_new_module().state_dict(), content)
    return content.getvalue()


def _ask(stored: bytes, images: ImageSet) -> np.ndarray:
    """Load a module and run it."""
    network = _new_module()
    network.load_state_dict(torch.load(io.BytesIO(stored), weights_only=True))
    device = best_device()
    return margins_of(network.to(device), DeviceImages(images, device=device))


def _new_module() -> nn.Module:
    return SimCnn(2, width=WIDTH).eval()


if __name__ == "__main__":
    main()

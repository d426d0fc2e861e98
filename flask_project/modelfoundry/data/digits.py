"""Scikit-learn's handwritten digits, the data set that is always here."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from modelfoundry.cards import DatasetCard
from modelfoundry.data.groups import class_groups
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.splits import stratified_split
from modelfoundry.errors import StorageError
from modelfoundry.settings import Home

DRAWN_SIDE = 8
ENLARGEMENT = 4
TEST_FRACTION = 0.2
SPLIT_SEED = 0
BRIGHTEST = 16

DIGIT_GROUPS = {
    "even": ("0", "2", "4", "6", "8"),
    "odd": ("1", "3", "5", "7", "9"),
    "round": ("0", "3", "6", "8", "9"),
}

CARD = DatasetCard(
    name="digits",
    title="Handwritten digits",
    classes=tuple("0123456789"),
    groups=class_groups(DIGIT_GROUPS),
    is_mirrorable=False,
    input_shape=(3, 32, 32),
    num_train=1438,
    num_train_by_class=(142, 146, 142, 146, 145, 146, 145, 143, 139, 144),
    num_test=359,
    license="CC BY 4.0",
    source="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine "
    "Learning Repository, 1998; the test part, as shipped with scikit-learn.",
    loader="modelfoundry.data.digits:load",
    content_sha256="f6e547bf9e9fe5101b7ad2911f3a9c6e5226376963ab7b4d07dcf865336eb3d7",
)


def load(_home: Home) -> Dataset:
    """Bring the 1,797 grey 8x8 images of scikit-learn to the common form, 3x32x32 uint8.

    Every pixel becomes a 4x4 square, its value 0-16 becomes 0-255, and the three channels are
    equal. A fixed fifth of every class is the test part. Nothing is downloaded or stored.
    """
    *pixels, labels = np.loadtxt(_file(), delimiter=",", unpack=True)
    grey = np.rint(np.stack(pixels, axis=1) * (255 / BRIGHTEST)).astype(np.uint8)
    squares = grey.reshape(-1, DRAWN_SIDE, DRAWN_SIDE)
    enlarged = squares.repeat(ENLARGEMENT, axis=1).repeat(ENLARGEMENT, axis=2)
    everything = ImageSet(
        images=np.repeat(enlarged[:, None], 3, axis=1), labels=labels.astype(np.int64)
    )
    train, test = stratified_split(everything.labels, TEST_FRACTION, seed=SPLIT_SEED)
    return Dataset(train=everything.take(train), test=everything.take(test))


def _file() -> Path:
    """Find the file in scikit-learn without importing it, which the web process never does."""
    spec = find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise StorageError("scikit-learn is not installed; run `pip install scikit-learn`")
    return Path(spec.origin).parent / "datasets" / "data" / "digits.csv.gz"

import io

import numpy as np
import pytest
from PIL import Image

from modelfoundry.cards import DatasetCard
from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.data.store import write_dataset
from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.services.class_strips import ClassStripService
from modelfoundry.settings import Home


def add_colours(home: Home, *, side: int = 4) -> None:
    """Store a data set with two red images and one blue one, and none of a third class."""
    card = DatasetCard(
        name="colours", title="Colours", classes=("red", "blue", "green"), input_shape=(3, 4, 4)
    )
    images = np.zeros((3, 3, side, side), dtype=np.uint8)
    images[[0, 2], 0] = 255
    images[1, 2] = 255
    part = ImageSet(images, np.array([0, 1, 0]))
    write_dataset(home, card, Dataset(train=part, test=part))


def pixels_of(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_a_strip_is_the_images_of_the_class_side_by_side(home: Home):
    add_colours(home)

    strip = ClassStripService(home).strip("colours", "red", count=6)

    pixels = pixels_of(strip.png())
    assert pixels.shape == (4, 4 + 1 + 4, 4)  # there are but two, with a gap between
    assert (pixels[:, [0, 3, 5, 8]] == [255, 0, 0, 255]).all()
    assert (pixels[:, 4, 3] == 0).all()  # see-through


def test_no_more_images_are_shown_than_asked_for(home: Home):
    add_colours(home)

    strip = ClassStripService(home).strip("colours", "red", count=1)

    assert pixels_of(strip.png()).shape == (4, 4, 4)


def test_large_images_are_thinned_out(home: Home):
    add_colours(home, side=200)

    strip = ClassStripService(home).strip("colours", "blue", count=1)

    assert pixels_of(strip.png()).shape == (67, 67, 4)  # every third of 200 rows and columns


def test_a_strip_has_another_version_than_that_of_another_class(home: Home):
    service = ClassStripService(home)

    three = service.strip("digits", "3", count=6)
    assert three.version == service.strip("digits", "3", count=6).version
    assert three.version != service.strip("digits", "4", count=6).version
    assert three.version != service.strip("digits", "3", count=5).version


@pytest.mark.parametrize(
    ("dataset", "class_name", "message"),
    [
        ("colours", "green", "images of 'green' of 'colours' are not on this machine"),
        ("svhn", "3", "run `modelfoundry data get svhn`"),
    ],
)
def test_images_that_are_not_here_cannot_be_shown(
    home: Home, dataset: str, class_name: str, message: str
):
    add_colours(home)

    with pytest.raises(InvalidInputError, match=message):
        ClassStripService(home).strip(dataset, class_name, count=6)


def test_an_unknown_class_is_refused(home: Home):
    with pytest.raises(UnknownNameError, match="no class named 'ten'"):
        ClassStripService(home).strip("digits", "ten", count=6)

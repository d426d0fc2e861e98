"""Images from a folder, or a ``.zip`` of one, with a subfolder per class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from modelfoundry.data.decoding import decode_files
from modelfoundry.data.image_files import ImageFile, open_image_files
from modelfoundry.data.images import FoundImages, ImageSet
from modelfoundry.errors import InvalidInputError

Part = Literal["train", "test"]

PART_OF_FOLDER: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "test": "test",
    "val": "test",
    "validation": "test",
}
LAYOUT = "expected train/<class>/<image> and test/<class>/<image>, or <class>/<image>"


@dataclass(frozen=True)
class _Place:
    """What a file's folders say; ``above`` are those without a meaning."""

    above: tuple[str, ...]
    part: Part | None
    class_name: str


def read_image_folder(source: Path, *, size: int) -> FoundImages:
    """Read ``train/<class>/*`` and ``test/<class>/*``, or just ``<class>/*``.

    The classes are the folders' names in alphabetical order. Every image becomes RGB, upright as
    its camera noted, cut to its centre square and scaled.

    Args:
        source: A folder or a ``.zip`` file.
        size: Height and width of the result, in pixels.

    Raises:
        UnreadableFileError: The zip or images in it cannot be read; names the first ones.
        InvalidInputError: The folders are not laid out as above.
    """
    with open_image_files(source) as files:
        places = [_place(file) for file in files]
        _check_layout(source.name, files, places)
        classes = tuple(sorted({place.class_name for place in places}))
        images = np.empty((len(files), 3, size, size), dtype=np.uint8)
        decode_files(source.name, files, images)
    labels = np.array([classes.index(place.class_name) for place in places], dtype=np.int64)
    everything = ImageSet(images, labels)
    is_test = np.array([place.part == "test" for place in places])
    return FoundImages(
        train=everything.take(np.flatnonzero(~is_test)),
        test=everything.take(np.flatnonzero(is_test)) if is_test.any() else None,
        classes=classes,
    )


def _place(file: ImageFile) -> _Place:
    folders = file.path.parent.parts
    part = PART_OF_FOLDER.get(folders[-2].lower()) if len(folders) > 1 else None
    return _Place(
        above=folders[: -2 if part else -1],
        part=part,
        class_name=folders[-1] if folders else "",
    )


def _check_layout(name: str, files: Sequence[ImageFile], places: Sequence[_Place]) -> None:
    if not files:
        raise InvalidInputError.of("/file", f"{name} holds no images; {LAYOUT}")
    for file, place in zip(files, places, strict=True):
        if not place.class_name or place.class_name.lower() in PART_OF_FOLDER:
            raise InvalidInputError.of(
                "/file", f"{file.path} in {name} lies in no folder of a class; {LAYOUT}"
            )
        if (place.above, place.part is None) != (places[0].above, places[0].part is None):
            raise InvalidInputError.of(
                "/file", f"{files[0].path} and {file.path} in {name} are laid out unlike; {LAYOUT}"
            )
    if all(place.part == "test" for place in places):
        raise InvalidInputError.of("/file", f"{name} holds test images only; {LAYOUT}")

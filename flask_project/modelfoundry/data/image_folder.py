"""Images from a folder, or a ``.zip`` of one, with a subfolder per class."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from modelfoundry.data.image_files import ImageFile, open_image_files
from modelfoundry.data.images import FoundImages, ImageSet
from modelfoundry.errors import InvalidInputError, UnreadableFileError

Part = Literal["train", "test"]

PART_OF_FOLDER: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "test": "test",
    "val": "test",
    "validation": "test",
}
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
MAX_PIXELS = 50_000_000
MAX_FILES_LISTED = 10
# What Pillow and zipfile raise for damaged, encrypted or foreign files.
UNREADABLE = (OSError, ValueError, SyntaxError, RuntimeError, zipfile.BadZipFile, zlib.error)
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
        images = _read_all(source.name, files, size=size)
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


def _read_all(name: str, files: Sequence[ImageFile], *, size: int) -> npt.NDArray[np.uint8]:
    """Read uint8 ``(N, 3, size, size)``; goes on after an unreadable file to name them all."""
    images = np.empty((len(files), 3, size, size), dtype=np.uint8)
    unreadable: list[str] = []
    for row, file in enumerate(files):
        try:
            images[row] = _read_image(file, size=size)
        except UNREADABLE as error:
            unreadable.append(f"{file.path} ({error})")
    if unreadable:
        more = len(unreadable) - MAX_FILES_LISTED
        raise UnreadableFileError(
            f"{len(unreadable)} of {len(files)} images in {name} cannot be read: "
            + "; ".join(unreadable[:MAX_FILES_LISTED])
            + (f" and {more} more" if more > 0 else "")
        )
    return images


def _read_image(file: ImageFile, *, size: int) -> npt.NDArray[np.uint8]:
    from PIL import Image, ImageOps  # noqa: PLC0415 - only needed here, and slow to load

    try:
        with Image.open(io.BytesIO(file.read()), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise ValueError(f"{width} x {height} pixels; at most {MAX_PIXELS:,} are read")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError as error:
        raise ValueError(str(error)) from error
    square = ImageOps.fit(upright, (size, size), method=Image.Resampling.BILINEAR)
    return np.asarray(square).transpose(2, 0, 1)

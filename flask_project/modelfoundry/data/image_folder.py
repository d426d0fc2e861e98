"""Images from a folder, or a ``.zip`` of one, with a subfolder per class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from modelfoundry.data.decoding import try_decode, unusable
from modelfoundry.data.image_files import FoundFiles, ImageFile, open_image_files
from modelfoundry.data.images import FoundImages, ImageSet
from modelfoundry.data.memory import room_in_memory
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


def read_image_folder(source: Path, *, size: int, leave_out: bool = False) -> FoundImages:
    """Read ``train/<class>/*`` and ``test/<class>/*``, or just ``<class>/*``.

    The classes are the folders' names in alphabetical order. Every image becomes RGB, upright as
    its camera noted, cut to its centre square and scaled.

    Args:
        source: A folder or a ``.zip`` file.
        size: Height and width of the result, in pixels.
        leave_out: Whether to go on without files that cannot be used.

    Raises:
        UnreadableFileError: The zip or files in it cannot be used; names the first ones.
        InvalidInputError: The folders are not laid out as above, or hold too many images for the
            memory at that size.
    """
    with open_image_files(source) as files:
        places = [_place(file) for file in files.images]
        _check_layout(source.name, files, places)
        _check_memory(source.name, len(places), size=size)
        images = np.empty((len(places), 3, size, size), dtype=np.uint8)
        undecoded = try_decode(files.images, images)
    left_out = (*files.problems, *undecoded.values())
    used = np.array([row for row in range(len(places)) if row not in undecoded], dtype=np.int64)
    can_train = any(places[row].part != "test" for row in used)
    if left_out and not (leave_out and can_train):
        raise unusable(source.name, left_out, among=len(places) + len(files.problems))
    classes = tuple(sorted({places[row].class_name for row in used}))
    labels = np.array([classes.index(places[row].class_name) for row in used], dtype=np.int64)
    is_test = np.array([places[row].part == "test" for row in used])
    everything = ImageSet(images[used] if undecoded else images, labels)
    return FoundImages(
        train=everything.take(np.flatnonzero(~is_test)),
        test=everything.take(np.flatnonzero(is_test)) if is_test.any() else None,
        classes=classes,
        left_out=left_out,
    )


def _place(file: ImageFile) -> _Place:
    folders = file.folders
    part = PART_OF_FOLDER.get(folders[-2].lower()) if len(folders) > 1 else None
    return _Place(
        above=tuple(folders[: -2 if part else -1]),
        part=part,
        class_name=folders[-1] if folders else "",
    )


def _check_memory(name: str, num_images: int, *, size: int) -> None:
    needed_bytes, limit_bytes = num_images * 3 * size**2, room_in_memory()
    if needed_bytes > limit_bytes:
        raise InvalidInputError.of(
            "/size",
            f"the {num_images:,} images of {name} take {needed_bytes:,} bytes at {size} x {size} "
            f"pixels; at most {limit_bytes:,} fit into memory here, so choose a smaller size or "
            "fewer images",
        )


def _check_layout(name: str, files: FoundFiles, places: Sequence[_Place]) -> None:
    if not places:
        others = f", but {files.problems[0]}" if files.problems else ""
        raise InvalidInputError.of("/file", f"{name} holds no images{others}; {LAYOUT}")
    for file, place in zip(files.images, places, strict=True):
        if not place.class_name or place.class_name.lower() in PART_OF_FOLDER:
            raise InvalidInputError.of(
                "/file", f"{file.path} in {name} lies in no folder of a class; {LAYOUT}"
            )
        if (place.above, place.part is None) != (places[0].above, places[0].part is None):
            first = files.images[0].path
            raise InvalidInputError.of(
                "/file", f"{first} and {file.path} in {name} are laid out unlike; {LAYOUT}"
            )
    if all(place.part == "test" for place in places):
        raise InvalidInputError.of("/file", f"{name} holds test images only; {LAYOUT}")

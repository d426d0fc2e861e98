"""Images from ``.npz`` files of plain arrays."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from modelfoundry.archives import open_zip
from modelfoundry.data.images import FoundImages, ImageSet
from modelfoundry.data.memory import room_in_memory
from modelfoundry.errors import Fault, InvalidInputError, UnreadableFileError

Part = Literal["train", "test"]
AnyArray = npt.NDArray[Any]

# (images, labels, part); for "x" and "y" the file's name tells the part.
LAYOUTS: tuple[tuple[str, str, Part | None], ...] = (
    ("x", "y", None),
    ("train_x", "train_y", "train"),
    ("test_x", "test_y", "test"),
    ("x_train", "y_train", "train"),
    ("x_test", "y_test", "test"),
)
CLASSES = "classes"
NUM_CHANNELS = (1, 3)
MAX_ARRAYS = 1000


@dataclass(frozen=True)
class _Piece:
    """Arrays that belong together; the names are for messages."""

    part: Part
    images_name: str
    labels_name: str
    images: AnyArray
    labels: AnyArray


def read_arrays(files: Sequence[Path], *, classes: tuple[str, ...] | None = None) -> FoundImages:
    """Read images and labels from ``.npz`` files, joined in the order given.

    A file holds ``x`` and ``y`` (the test part if "test" is in its name), or ``train_x``,
    ``train_y``, ``test_x``, ``test_y`` (or ``x_train`` ...), and perhaps ``classes``, the names in
    label order. Images are ``(N, H, W, C)`` or ``(N, C, H, W)``, uint8 or floats in 0-1, of three
    channels or of one, which becomes three equal ones. Labels are integers from 0.

    Args:
        files: At least one.
        classes: Names to use if no file has ``classes``.

    Raises:
        UnreadableFileError: A file is truncated, no ``.npz``, or holds pickled objects.
        InvalidInputError: Arrays are missing or do not fit each other; lists every fault.
    """
    pieces: list[_Piece] = []
    for file in files:
        arrays = _load(file)
        pieces += _pieces(file, arrays)
        if CLASSES in arrays:
            classes = _class_names(file, arrays[CLASSES])
    faults = [fault for piece in pieces for fault in _faults(piece, classes=classes)]
    if not any(piece.part == "train" for piece in pieces):
        faults.append("the files hold test images only; add training images")
    if not faults:
        faults = _joint_faults(pieces, classes=classes)
    if faults:
        raise InvalidInputError(Fault("/file", fault) for fault in faults)
    return FoundImages(
        train=_join(pieces, "train"),
        test=_join(pieces, "test") if any(piece.part == "test" for piece in pieces) else None,
        classes=classes,
    )


def _load(file: Path) -> dict[str, AnyArray]:
    wanted = {CLASSES}.union(*((images, labels) for images, labels, _ in LAYOUTS))
    with open_zip(file, max_entries=MAX_ARRAYS, otherwise="no .npz file") as archive:
        unpacked_bytes = sum(member.file_size for member in archive.infolist())
    limit_bytes = room_in_memory()
    if unpacked_bytes > limit_bytes:
        raise UnreadableFileError(
            f"{file.name} unpacks to {unpacked_bytes:,} bytes; at most {limit_bytes:,} fit into "
            "memory here"
        )
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files if name in wanted}
    except (ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error, MemoryError) as error:
        if "allow_pickle" in str(error):
            raise UnreadableFileError(
                f"{file.name} holds pickled Python objects, which are never loaded; save arrays "
                "of plain numbers"
            ) from error
        raise UnreadableFileError(f"{file.name} is truncated or damaged: {error}") from error
    return {name: array for name, array in arrays.items() if isinstance(array, np.ndarray)}


def _pieces(file: Path, arrays: Mapping[str, AnyArray]) -> list[_Piece]:
    part_of_file: Part = "test" if "test" in file.stem.lower() else "train"
    pieces = [
        _Piece(
            part=part or part_of_file,
            images_name=f"{images!r} in {file.name}",
            labels_name=f"{labels!r} in {file.name}",
            images=arrays[images],
            labels=arrays[labels],
        )
        for images, labels, part in LAYOUTS
        if images in arrays and labels in arrays
    ]
    faults = [
        f"{file.name} has one of {images!r} and {labels!r} but not the other"
        for images, labels, _ in LAYOUTS
        if (images in arrays) != (labels in arrays)
    ]
    if not pieces and not faults:
        faults = [f"{file.name} has no arrays 'x' and 'y', nor 'train_x' and 'train_y'"]
    if faults:
        raise InvalidInputError(Fault("/file", fault) for fault in faults)
    return pieces


def _class_names(file: Path, names: AnyArray) -> tuple[str, ...]:
    if names.ndim != 1 or names.dtype.kind != "U":
        raise InvalidInputError.of(
            "/file",
            f"'classes' in {file.name} is {names.dtype} of shape {names.shape}; expected a list "
            "of texts",
        )
    try:
        return tuple(str(name) for name in names)
    except (ValueError, SystemError) as error:  # the latter for what is beyond Unicode
        raise UnreadableFileError(
            f"'classes' in {file.name} holds what is no text ({error}); save it again"
        ) from error


def _faults(piece: _Piece, *, classes: tuple[str, ...] | None) -> Iterator[str]:
    yield from _image_faults(piece.images_name, piece.images)
    yield from _label_faults(piece.labels_name, piece.labels, classes=classes)
    if piece.images.shape[:1] != piece.labels.shape[:1]:
        yield (
            f"{piece.images_name} has shape {piece.images.shape} and {piece.labels_name} "
            f"{piece.labels.shape}; expected as many labels as images"
        )


def _image_faults(name: str, images: AnyArray) -> Iterator[str]:
    if images.ndim != 4 or not images.size:  # noqa: PLR2004 - N, C, H, W
        yield f"{name} has shape {images.shape}; expected images (N, H, W, C) or (N, C, H, W)"
    elif len(_channel_axes(images)) != 1:
        yield (
            f"{name} has shape {images.shape}; the channels, 1 or 3, must be the second or the "
            "last axis, and only one of these two may be 1 or 3 long"
        )
    if images.dtype.kind == "f":
        if np.isnan(images).any():
            yield f"{name} holds NaN"
        elif images.size and not (images.min() >= 0 and images.max() <= 1):
            yield f"{name} holds floats in {images.min()}-{images.max()}; expected 0-1"
    elif images.dtype != np.uint8:
        yield f"{name} has type {images.dtype}; expected uint8, or floats in 0-1"


def _label_faults(name: str, labels: AnyArray, *, classes: tuple[str, ...] | None) -> Iterator[str]:
    if labels.ndim != 1 and labels.shape[1:] != (1,):
        yield f"{name} has shape {labels.shape}; expected (N,)"
    if labels.dtype.kind not in "iu":
        yield f"{name} has type {labels.dtype}; expected integers"
    elif labels.size:
        lowest, highest = int(labels.min()), int(labels.max())
        if lowest < 0 or (classes is not None and highest >= len(classes)):
            most = "up" if classes is None else f"to {len(classes) - 1}"
            yield f"{name} holds labels {lowest} to {highest}; expected 0 {most}"


def _joint_faults(pieces: list[_Piece], *, classes: tuple[str, ...] | None) -> list[str]:
    faults = []
    shapes = sorted({_as_images(piece).shape[1:] for piece in pieces})
    if len(shapes) > 1:
        faults.append(f"images have different shapes: {', '.join(map(str, shapes))}")
    labels = np.unique(np.concatenate([piece.labels.ravel() for piece in pieces]))
    if classes is None and len(labels) <= labels[-1]:
        unused = int(np.setdiff1d(np.arange(labels[-1]), labels)[0])
        faults.append(
            f"labels go up to {labels[-1]} but no image has label {unused}; number the classes "
            "from 0 without gaps, or add an array 'classes' of their names"
        )
    return faults


def _join(pieces: list[_Piece], part: Part) -> ImageSet:
    chosen = [piece for piece in pieces if piece.part == part]
    return ImageSet(
        images=np.concatenate([_as_images(piece) for piece in chosen]),
        labels=np.concatenate([piece.labels.ravel() for piece in chosen]).astype(np.int64),
    )


def _as_images(piece: _Piece) -> npt.NDArray[np.uint8]:
    """Give uint8 ``(N, 3, H, W)``."""
    channels_first = np.moveaxis(piece.images, _channel_axes(piece.images)[0], 1)
    count, _, height, width = channels_first.shape
    coloured = np.broadcast_to(channels_first, (count, 3, height, width))
    if coloured.dtype == np.uint8:
        return coloured
    scaled: npt.NDArray[np.uint8] = np.rint(coloured * 255).astype(np.uint8)
    return scaled


def _channel_axes(images: AnyArray) -> list[int]:
    return [axis for axis in (1, 3) if images.shape[axis] in NUM_CHANNELS]

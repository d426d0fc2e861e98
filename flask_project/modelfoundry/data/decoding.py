"""Decode image files to arrays, several at once."""

import io
import os
import zipfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from modelfoundry.data.image_files import ImageFile
from modelfoundry.data.images import FileProblem
from modelfoundry.errors import UnreadableFileError

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
MAX_PIXELS = 50_000_000
MAX_FILES_LISTED = 10
# What Pillow and zipfile raise for damaged, encrypted or foreign files.
UNREADABLE = (OSError, ValueError, SyntaxError, RuntimeError, zipfile.BadZipFile, zlib.error)


def decode_files(name: str, files: Sequence[ImageFile], images: npt.NDArray[np.uint8]) -> None:
    """Fill an array with images, as :func:`try_decode`, where every one must be readable.

    Args:
        name: Of the folder or archive, for the message.
        files: One for each row.
        images: uint8 ``(N, 3, S, S)``; overwritten.

    Raises:
        UnreadableFileError: Some cannot be read; names the first ones.
    """
    problems = try_decode(files, images)
    if problems:
        raise unusable(name, list(problems.values()), among=len(files))


def try_decode(files: Sequence[ImageFile], images: npt.NDArray[np.uint8]) -> dict[int, FileProblem]:
    """Fill an array with images: RGB, upright as the camera noted, centre square, scaled.

    Args:
        files: One for each row.
        images: uint8 ``(N, 3, S, S)``; overwritten.

    Returns:
        Why rows could not be filled, by row.
    """

    def decode(row: int) -> FileProblem | None:
        try:
            images[row] = _read_image(files[row], size=images.shape[-1])
        except UNREADABLE as error:
            return FileProblem(files[row].path, _reason(error))
        return None

    # Pillow decodes without holding up other threads.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        outcomes = list(threads.map(decode, range(len(files))))
    return {row: problem for row, problem in enumerate(outcomes) if problem}


def unusable(name: str, problems: Sequence[FileProblem], *, among: int) -> UnreadableFileError:
    """Make the error that names the first of some files which cannot be used."""
    more = len(problems) - MAX_FILES_LISTED
    return UnreadableFileError(
        f"{len(problems)} of {among} files in {name} cannot be used: "
        + "; ".join(map(str, problems[:MAX_FILES_LISTED]))
        + (f" and {more} more" if more > 0 else "")
    )


def _reason(error: Exception) -> str:
    from PIL import UnidentifiedImageError  # noqa: PLC0415 - as below

    if isinstance(error, UnidentifiedImageError):
        return "it is damaged, or no image in spite of its name"
    return str(error)


def _read_image(file: ImageFile, *, size: int) -> npt.NDArray[np.uint8]:
    from PIL import Image, ImageOps  # noqa: PLC0415 - only needed here, and slow to load

    try:
        with Image.open(io.BytesIO(file.read()), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise ValueError(f"{width} x {height} pixels; at most {MAX_PIXELS:,} are read")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError as error:
        raise ValueError(f"far more pixels than the {MAX_PIXELS:,} that are read") from error
    square = ImageOps.fit(upright, (size, size), method=Image.Resampling.BILINEAR)
    return np.asarray(square).transpose(2, 0, 1)

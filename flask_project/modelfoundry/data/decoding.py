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
from modelfoundry.errors import UnreadableFileError

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
MAX_PIXELS = 50_000_000
MAX_FILES_LISTED = 10
# What Pillow and zipfile raise for damaged, encrypted or foreign files.
UNREADABLE = (OSError, ValueError, SyntaxError, RuntimeError, zipfile.BadZipFile, zlib.error)


def decode_files(name: str, files: Sequence[ImageFile], images: npt.NDArray[np.uint8]) -> None:
    """Fill an array with images: RGB, upright as the camera noted, centre square, scaled.

    Args:
        name: Of the folder or archive, for messages.
        files: One for each row.
        images: uint8 ``(N, 3, S, S)``; overwritten.

    Raises:
        UnreadableFileError: Some cannot be read; names the first ones.
    """

    def decode(row: int) -> str | None:
        try:
            images[row] = _read_image(files[row], size=images.shape[-1])
        except UNREADABLE as error:
            return f"{files[row].path} ({error})"
        return None

    # Pillow decodes without holding up other threads.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        unreadable = [fault for fault in threads.map(decode, range(len(files))) if fault]
    if unreadable:
        more = len(unreadable) - MAX_FILES_LISTED
        raise UnreadableFileError(
            f"{len(unreadable)} of {len(files)} images in {name} cannot be read: "
            + "; ".join(unreadable[:MAX_FILES_LISTED])
            + (f" and {more} more" if more > 0 else "")
        )


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

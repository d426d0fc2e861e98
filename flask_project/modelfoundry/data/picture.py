"""Turn a picture that somebody sends into what a network takes; no torch."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from modelfoundry.data.decoding import FORMATS, MAX_PIXELS, UNREADABLE
from modelfoundry.errors import UnreadableFileError

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS = ", ".join(FORMATS)
DEEP_MODES = ("I", "I;16", "I;16B", "I;16L")
FIRST_OF_SEVERAL = "the first picture of an animation was taken"
STEPS_OF_8_BITS = 257  # 65535 / 255


@dataclass(frozen=True)
class Picture:
    """A picture as a network takes it.

    Attributes:
        pixels: uint8 ``(C, H, W)``.
        width: Of the picture as it came, upright.
        height: The same.
        notes: What was changed about it besides its size, in words.
    """

    pixels: npt.NDArray[np.uint8]
    width: int
    height: int
    notes: tuple[str, ...]

    def batch(self) -> npt.NDArray[np.float32]:
        """Return the picture as a batch of one: float32 ``(1, C, H, W)`` in 0-1."""
        return self.pixels[None].astype(np.float32) / np.float32(255)

    def png(self) -> bytes:
        """Return the picture as a PNG file, to be looked at."""
        return png_of(self.pixels)


def read_picture(content: bytes, *, name: str, shape: tuple[int, int, int]) -> Picture:
    """Read an image file: upright as the camera noted, centre cut out, scaled.

    Transparent parts become white; of an animation the first picture is taken.

    Args:
        content: Of the file.
        name: Of the file, for messages.
        shape: ``(C, H, W)`` that the network takes; one channel is grey, three are RGB.

    Raises:
        UnreadableFileError: It is no image, is damaged, or has too many pixels; says what to do.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - slow to load

    channels, height, width = shape
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check_size(image, name)
            is_animated = getattr(image, "is_animated", False)
            flat, notes = _flatten(ImageOps.exif_transpose(image), name)
    except Image.DecompressionBombError as error:
        raise UnreadableFileError(f"{name} is too large ({error}); send it scaled down") from error
    except UnidentifiedImageError as error:
        raise UnreadableFileError(
            f"{name} is no image that can be read here; send one of {KINDS}"
        ) from error
    except UNREADABLE as error:
        raise UnreadableFileError(
            f"{name} is truncated or damaged ({error}); save it again"
        ) from error
    fitted = ImageOps.fit(flat, (width, height), method=Image.Resampling.BILINEAR)
    pixels = np.asarray(fitted.convert("L" if channels == 1 else "RGB")).reshape(height, width, -1)
    notes += (FIRST_OF_SEVERAL,) if is_animated else ()
    return Picture(pixels.transpose(2, 0, 1), *flat.size, notes)


def png_of(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return a PNG file of uint8 pixels ``(C, H, W)``, one channel or three."""
    from PIL import Image  # noqa: PLC0415 - slow to load

    stream = io.BytesIO()
    colours = pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0)
    Image.fromarray(np.ascontiguousarray(colours)).save(stream, "PNG")
    return stream.getvalue()


def _check_size(image: "Image", name: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UnreadableFileError(
            f"{name} has {width} x {height} pixels; at most {MAX_PIXELS:,} are read, so send it "
            "scaled down"
        )


def _flatten(image: "Image", name: str) -> tuple["Image", tuple[str, ...]]:
    """Return an image in plain RGB, and what that took."""
    from PIL import Image  # noqa: PLC0415 - slow to load

    notes = []
    if image.mode == "F":
        raise UnreadableFileError(
            f"{name} holds measurements rather than colours; save it as an 8-bit PNG"
        )
    if image.mode in DEEP_MODES:
        notes.append("16 bits per channel were rounded to 8")
        image = Image.fromarray((np.asarray(image) / STEPS_OF_8_BITS).round().astype(np.uint8))
    if image.has_transparency_data:
        notes.append("transparent parts were made white")
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        image = Image.alpha_composite(white, coloured)
    elif image.mode == "CMYK":
        notes.append("the colours of a print (CMYK) were turned into those of a screen")
    return image.convert("RGB"), tuple(notes)

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from modelfoundry.data.picture import png_of, read_picture
from modelfoundry.errors import UnreadableFileError

SHAPE = (3, 2, 2)
RED, WHITE = [255, 0, 0], [255, 255, 255]


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def corner(content: bytes) -> list[int]:
    """Return the colour of the first pixel."""
    colour: list[int] = read_picture(content, name="a", shape=SHAPE).pixels[:, 0, 0].tolist()
    return colour


def png_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


def png_header(width: int, height: int) -> bytes:
    """Begin a PNG file of a size, without a pixel."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", size) + png_chunk(b"IDAT", b"")


def test_a_picture_of_the_right_size_keeps_every_pixel():
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)

    picture = read_picture(png_of(pixels), name="a.png", shape=SHAPE)

    assert picture.pixels.tolist() == pixels.tolist()
    assert (picture.width, picture.height, picture.notes) == (2, 2, ())


def test_the_batch_is_scaled_to_one():
    picture = read_picture(file_of(Image.new("RGB", (2, 2), (255, 51, 0))), name="a", shape=SHAPE)

    assert picture.batch()[0, :, 0, 0].tolist() == pytest.approx([1, 0.2, 0])


def test_the_centre_of_a_wide_picture_is_cut_out():
    wide = Image.new("RGB", (8, 2), "blue")
    wide.paste("red", (3, 0, 5, 2))

    assert read_picture(file_of(wide), name="a", shape=SHAPE).pixels[0].tolist() == [[255] * 2] * 2


def test_a_picture_is_turned_upright_as_the_camera_noted():
    lying = Image.new("RGB", (2, 2), "red")
    lying.putpixel((0, 0), (0, 0, 255))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    content = file_of(lying, exif=exif)

    picture = read_picture(content, name="a", shape=SHAPE)

    assert picture.pixels[:, 1, 1].tolist() == [0, 0, 255]


def test_a_grey_picture_has_three_equal_channels():
    assert corner(file_of(Image.new("L", (2, 2), 7))) == [7, 7, 7]


def test_a_network_for_grey_pictures_gets_one_channel():
    content = file_of(Image.new("RGB", (2, 2), (9, 9, 9)))

    assert read_picture(content, name="a", shape=(1, 2, 2)).pixels.tolist() == [[[9, 9], [9, 9]]]


def test_transparent_parts_become_white_and_that_is_said():
    content = file_of(Image.new("RGBA", (2, 2), (0, 0, 0, 0)))

    assert corner(content) == WHITE
    assert "white" in read_picture(content, name="a", shape=SHAPE).notes[0]


def test_a_transparent_colour_of_a_palette_becomes_white():
    palette = Image.new("P", (2, 2), 0)
    palette.putpalette(RED)

    assert corner(file_of(palette)) == RED
    assert corner(file_of(palette, transparency=0)) == WHITE


def test_sixteen_bits_are_rounded_to_eight():
    deep = Image.fromarray(np.full((2, 2), 257 * 100 + 20, dtype=np.uint16))

    assert corner(file_of(deep)) == [100, 100, 100]


def test_the_colours_of_a_print_are_turned_into_those_of_a_screen():
    printed = Image.new("CMYK", (2, 2), (0, 255, 255, 0))

    assert corner(file_of(printed, "TIFF")) == RED


def test_the_first_picture_of_an_animation_is_taken_and_that_is_said():
    frames = [Image.new("RGB", (2, 2), colour) for colour in ("red", "blue")]
    content = file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert corner(content) == RED
    assert "animation" in read_picture(content, name="a", shape=SHAPE).notes[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no image"),
        (b"<html>", "no image"),
        (b"%PDF-1.7", "no image"),
        (png_header(50_000, 50_000), "too large"),
        (png_header(9_000, 9_000), "9000 x 9000 pixels; at most 50,000,000"),
        (file_of(Image.new("RGB", (64, 64)))[:60], "truncated or damaged"),
        (file_of(Image.new("F", (2, 2)), "TIFF"), "8-bit PNG"),
    ],
    ids=["empty", "page", "document", "huge", "large", "truncated", "measurements"],
)
def test_what_is_no_readable_picture_is_refused_by_name(content: bytes, told: str):
    with pytest.raises(UnreadableFileError) as refused:
        read_picture(content, name="holiday.png", shape=SHAPE)

    assert "holiday.png" in str(refused.value)
    assert told in str(refused.value)

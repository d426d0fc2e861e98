import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from modelfoundry.data.image_folder import read_image_folder
from modelfoundry.errors import InvalidInputError, UnreadableFileError

RED, BLUE = (255, 0, 0), (0, 0, 255)
Draw = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


@pytest.fixture
def draw(folder: Path) -> Draw:
    """Write an image of one colour."""

    def draw_image(path: str, colour=RED, *, mode: str = "RGB", size=(4, 4)) -> Path:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new(mode, size, colour).save(folder / path)
        return folder / path

    return draw_image


@pytest.fixture
def spoil(folder: Path) -> Callable[[int], None]:
    """Write files that are images by their name alone."""

    def spoil_images(count: int) -> None:
        (folder / "cat").mkdir(exist_ok=True)
        for number in range(count):
            (folder / "cat" / f"{number:02}.png").write_bytes(b"no image")

    return spoil_images


def packed(folder: Path) -> Path:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as members:
        members.write(folder / "dog" / "1.png", "pets/dog/1.png")
        members.write(folder / "cat" / "1.png", "pets/cat/1.png")
    return archive


def test_classes_are_the_folders_in_alphabetical_order(folder: Path, draw: Draw):
    draw("dog/1.png", RED)
    draw("cat/1.png", BLUE)
    found = read_image_folder(folder, size=2)
    assert found.classes == ("cat", "dog")
    assert found.train.images[:, :, 0, 0].tolist() == [list(BLUE), list(RED)]
    assert found.train.labels.tolist() == [0, 1]


def test_train_and_test_folders_are_the_two_parts(folder: Path, draw: Draw):
    draw("train/cat/1.png")
    draw("train/dog/1.png")
    draw("test/dog/1.png")
    found = read_image_folder(folder, size=2)
    assert found.test is not None
    assert (found.train.labels.tolist(), found.test.labels.tolist()) == ([0, 1], [1])


def test_zip_reads_like_its_folder(folder: Path, draw: Draw):
    draw("dog/1.png", RED)
    draw("cat/1.png", BLUE)
    from_folder, from_zip = (
        read_image_folder(source, size=2) for source in (folder, packed(folder))
    )
    assert from_zip.classes == from_folder.classes
    assert (from_zip.train.images == from_folder.train.images).all()


def test_images_are_scaled_to_the_size_asked_for(folder: Path, draw: Draw):
    draw("cat/1.png", size=(9, 9))
    assert read_image_folder(folder, size=5).train.images.shape == (1, 3, 5, 5)


def test_wide_image_is_cut_to_its_centre(folder: Path, draw: Draw):
    path = draw("cat/1.png", RED, size=(12, 4))
    wide = Image.open(path)
    wide.paste(BLUE, (4, 0, 8, 4))
    wide.save(path)
    found = read_image_folder(folder, size=4)
    assert (found.train.images[0] == np.reshape(BLUE, (3, 1, 1))).all()


def test_grey_image_becomes_rgb(folder: Path, draw: Draw):
    draw("cat/1.png", 7, mode="L")
    assert np.unique(read_image_folder(folder, size=2).train.images).tolist() == [7]


def test_image_is_turned_as_its_camera_noted(folder: Path, draw: Draw):
    picture = Image.new("RGB", (2, 2), RED)
    picture.putpixel((0, 0), BLUE)
    upside_down = picture.getexif()
    upside_down[0x0112] = 3  # orientation: turned by 180 degrees
    picture.save(draw("cat/1.png"), exif=upside_down)
    image = read_image_folder(folder, size=2).train.images[0]
    assert image[:, 1, 1].tolist() == list(BLUE)


def test_what_systems_leave_behind_is_passed_over(folder: Path, draw: Draw):
    draw("cat/1.png")
    draw("__MACOSX/cat/1.png")
    draw("cat/.1.png")
    (folder / "cat" / "Thumbs.db").touch()
    assert len(read_image_folder(folder, size=2).train) == 1


def test_files_of_another_kind_are_named(folder: Path, draw: Draw):
    draw("cat/1.png")
    (folder / "cat" / "notes.txt").touch()
    (folder / "more.zip").touch()
    with pytest.raises(UnreadableFileError, match="2 of 3 files in mine") as refused:
        read_image_folder(folder, size=2)
    assert "cat/notes.txt (no kind of image that is read: .bmp" in str(refused.value)
    assert "more.zip (an archive inside is not opened; unpack it first)" in str(refused.value)


def test_unusable_files_can_be_left_out_and_are_listed(
    folder: Path, draw: Draw, spoil: Callable[[int], None]
):
    spoil(2)
    draw("cat/5.png", BLUE)
    draw("dog/1.png", RED)
    (folder / "notes.txt").touch()
    found = read_image_folder(folder, size=2, leave_out=True)
    assert found.train.images[:, :, 0, 0].tolist() == [list(BLUE), list(RED)]
    assert [problem.path for problem in found.left_out] == [
        "notes.txt",
        "cat/00.png",
        "cat/01.png",
    ]


def test_a_class_all_of_whose_images_were_left_out_is_none(folder: Path, draw: Draw, spoil):
    spoil(1)
    draw("dog/1.png")
    assert read_image_folder(folder, size=2, leave_out=True).classes == ("dog",)


def test_what_holds_nothing_else_is_refused_though_files_may_be_left_out(folder: Path, spoil):
    spoil(1)
    with pytest.raises(UnreadableFileError, match="1 of 1 files in mine cannot be used"):
        read_image_folder(folder, size=2, leave_out=True)


def test_unreadable_images_are_all_counted_and_the_first_ten_named(
    folder: Path, draw: Draw, spoil: Callable[[int], None]
):
    draw("cat/good.png")
    spoil(12)
    with pytest.raises(UnreadableFileError, match="12 of 13 files in mine cannot") as refused:
        read_image_folder(folder, size=2)
    assert "cat/09.png" in str(refused.value)
    assert "cat/10.png" not in str(refused.value)
    assert "and 2 more" in str(refused.value)


def test_truncated_image_is_unreadable(folder: Path, draw: Draw):
    path = draw("cat/1.png", size=(64, 64))
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UnreadableFileError, match=r"cat/1\.png"):
        read_image_folder(folder, size=2)


def test_image_of_too_many_pixels_is_unreadable(folder: Path, draw: Draw):
    draw("cat/1.png", 0, mode="1", size=(10_000, 5_001))
    with pytest.raises(UnreadableFileError, match="10000 x 5001 pixels; at most 50,000,000"):
        read_image_folder(folder, size=2)


@pytest.mark.parametrize(
    ("paths", "fault"),
    [
        (["1.png"], r"1\.png in mine lies in no folder of a class"),
        (["train/1.png"], r"train/1\.png in mine lies in no folder of a class"),
        (["cat/1.png", "train/dog/1.png"], "laid out unlike"),
        (["a/cat/1.png", "b/cat/1.png"], "laid out unlike"),
        (["test/cat/1.png"], "test images only"),
        ([], "holds no images"),
    ],
    ids=["no class", "no class in train", "mixed", "two tops", "only test", "empty"],
)
def test_other_layouts_are_explained(folder: Path, draw: Draw, paths: list[str], fault: str):
    list(map(draw, paths))
    with pytest.raises(InvalidInputError, match=fault):
        read_image_folder(folder, size=2)


def test_file_that_is_no_zip_is_refused(tmp_path: Path):
    (tmp_path / "mine.zip").write_bytes(b"PK not really")
    with pytest.raises(UnreadableFileError, match=r"truncated, or neither a folder nor a \.zip"):
        read_image_folder(tmp_path / "mine.zip", size=2)


def test_zip_that_unpacks_to_far_too_much_is_refused_unread(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cat/1.png", bytes(10_000_000))
    with pytest.raises(UnreadableFileError, match="more than 100 times its size"):
        read_image_folder(tmp_path / "bomb.zip", size=2)


def test_link_in_a_zip_is_not_followed(tmp_path: Path, draw: Draw):
    outside = draw("secret.png")
    link = zipfile.ZipInfo("cat/1.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as archive:
        archive.writestr(link, str(outside))
    with pytest.raises(InvalidInputError, match=r"no images, but cat/1\.png \(it is a link"):
        read_image_folder(tmp_path / "links.zip", size=2)


@pytest.mark.parametrize("path", ["../mine/cat/1.png", "/etc/cat/1.png", r"..\..\cat\1.png"])
def test_path_that_leads_out_of_a_zip_is_named(tmp_path: Path, draw: Draw, path: str):
    with zipfile.ZipFile(tmp_path / "climbs.zip", "w") as archive:
        archive.write(draw("cat/1.png", RED), "cat/1.png")
        archive.write(draw("cat/1.png", BLUE), "cat/2.png")
        archive.getinfo("cat/2.png").filename = path  # what zipfile itself would never write
    with pytest.raises(UnreadableFileError, match="its path leads out of the archive"):
        read_image_folder(tmp_path / "climbs.zip", size=2)
    found = read_image_folder(tmp_path / "climbs.zip", size=2, leave_out=True)
    assert found.train.images[:, :, 0, 0].tolist() == [list(RED)]


def test_one_far_too_large_file_in_a_zip_is_named_and_not_unpacked(tmp_path: Path, draw: Draw):
    with zipfile.ZipFile(tmp_path / "large.zip", "w") as archive:
        archive.write(draw("cat/1.png"), "cat/1.png")
        archive.writestr("cat/2.png", b"x")
        claimed = archive.getinfo("cat/2.png")
        claimed.file_size = claimed.compress_size = 2**31 - 1
    found = read_image_folder(tmp_path / "large.zip", size=2, leave_out=True)
    assert "2,147,483,647 bytes; at most 67,108,864" in found.left_out[0].message


def test_image_of_50000_by_50000_pixels_is_refused_by_its_header(folder: Path, draw: Draw):
    path = draw("cat/1.png")
    content = bytearray(path.read_bytes())
    content[16:24] = (50_000).to_bytes(4, "big") * 2  # width and height
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="far more pixels than the 50,000,000"):
        read_image_folder(folder, size=2)


def test_images_that_memory_has_no_room_for_are_refused_before_they_are_read(
    folder: Path, draw: Draw
):
    draw("cat/1.png")
    draw("dog/1.png")
    # 2 images of 3 x 40,000 x 40,000 bytes; at most 8 GiB are ever taken.
    with pytest.raises(InvalidInputError, match=r"2 images of mine take 9,600,000,000 bytes"):
        read_image_folder(folder, size=40_000)

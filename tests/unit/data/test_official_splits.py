"""Public data sets in the layout that their makers publish, four images each."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.data.importing import import_dataset
from modelfoundry.data.official_splits import OFFICIAL_SPLITS
from modelfoundry.errors import InvalidInputError, UnreadableFileError
from modelfoundry.settings import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def add_image(folder: Path, path: str, *, red: int = 100, mode: str = "RGB") -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    colour = red if mode in ("L", "P") else (red, 0, 0, 255)[: len(mode)]
    Image.new(mode, (16, 12), colour).save(folder / path, "PNG")  # read by content, not by name


def birds(folder: Path) -> None:
    root = folder / "CUB_200_2011"
    paths = ("001.Black_Tern/a.jpg", "001.Black_Tern/b.jpg", "002.Wren/c.jpg", "002.Wren/d.jpg")
    for number, path in enumerate(paths):
        add_image(root / "images", path, red=number * 50)
    (root / "images.txt").write_text("".join(f"{n} {p}\n" for n, p in enumerate(paths, 1)))
    (root / "image_class_labels.txt").write_text("1 1\n2 1\n3 2\n4 2\n")
    (root / "train_test_split.txt").write_text("1 1\n2 0\n3 0\n4 1\n")
    (root / "classes.txt").write_text("1 001.Black_Tern\n2 002.Wren\n")


def dogs(folder: Path) -> None:
    for path in ("n01-pug/a.jpg", "n01-pug/b.jpg", "n02-Irish_setter/c.jpg", "n02-Irish_setter/d"):
        add_image(folder / "Images", path)
    train = np.array([["n01-pug/a.jpg"], ["n02-Irish_setter/d"]], dtype=object)
    test = np.array([["n01-pug/b.jpg"], ["n02-Irish_setter/c.jpg"]], dtype=object)
    savemat(folder / "train_list.mat", {"file_list": train})
    savemat(folder / "test_list.mat", {"file_list": test})


def flowers(folder: Path) -> None:
    for number in (1, 2, 3, 4):
        add_image(folder / "jpg", f"image_{number:05d}.jpg")
    savemat(folder / "imagelabels.mat", {"labels": [[1, 1, 2, 2]]})
    savemat(folder / "setid.mat", {"trnid": [[1]], "valid": [[4]], "tstid": [[3, 2]]})


def scenes(folder: Path) -> None:
    for path in ("bar/a.jpg", "bar/b.jpg", "movie_theater/c.jpg", "movie_theater/d.jpg"):
        add_image(folder / "Images", path)
    (folder / "TrainImages.txt").write_text("bar/a.jpg\nmovie_theater/c.jpg\n")
    (folder / "TestImages.txt").write_text("bar/b.jpg\nmovie_theater/d.jpg\n\n")


def actions(folder: Path) -> None:
    for name in ("cooking_1.jpg", "cooking_2.jpg", "riding_a_bike_1.jpg", "riding_a_bike_2.jpg"):
        add_image(folder / "JPEGImages", name)
    splits = folder / "ImageSplits"
    splits.mkdir()
    (splits / "actions.txt").write_text("action_name number_of_images\n")
    (splits / "cooking_train.txt").write_text("cooking_1.jpg\n")
    (splits / "cooking_test.txt").write_text("cooking_2.jpg\n")
    (splits / "riding_a_bike_train.txt").write_text("riding_a_bike_1.jpg\n")
    (splits / "riding_a_bike_test.txt").write_text("riding_a_bike_2.jpg\n")


LAYOUTS = {
    "cub200": (birds, ("Black Tern", "Wren")),
    "dogs": (dogs, ("Irish setter", "pug")),
    "flowers102": (flowers, ("hard-leaved pocket orchid", "pink primrose")),
    "mit67": (scenes, ("bar", "movie theater")),
    "stanford40": (actions, ("cooking", "riding a bike")),
}


def imported(
    home: Home, folder: Path, name: str = "mit67", *, leave_out: bool = False
) -> DatasetCard:
    return import_dataset(home, name, [folder], size=8, leave_out=leave_out)


@pytest.mark.parametrize("name", OFFICIAL_SPLITS)
def test_each_layout_is_read_by_its_own_lists(home: Home, tmp_path: Path, name: str):
    make, classes = LAYOUTS[name]
    make(tmp_path)

    card = imported(home, tmp_path, name)

    assert card.classes == classes
    assert (card.num_train, card.num_test, card.num_train_by_class) == (2, 2, (1, 1))
    assert find_dataset(home, name).input_shape == (3, 8, 8)


def test_images_keep_their_part_and_class_and_are_cut_to_the_centre(home: Home, tmp_path: Path):
    birds(tmp_path)

    imported(home, tmp_path, "cub200")

    dataset = load_dataset(home, "cub200")
    train, test = dataset.train.whole(), dataset.test.whole()
    # Reds are 0, 50, 100, 150; the first and last train, the others test.
    assert train.images[:, 0, 4, 4].tolist() == [0, 150]
    assert test.images[:, 0, 4, 4].tolist() == [50, 100]
    assert (train.labels.tolist(), test.labels.tolist(), train.side) == ([0, 1], [0, 1], 8)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "LA"])
def test_images_of_other_colour_modes_become_rgb(home: Home, tmp_path: Path, mode: str):
    scenes(tmp_path)
    add_image(tmp_path / "Images", "bar/a.jpg", mode=mode)

    imported(home, tmp_path)

    assert load_dataset(home, "mit67").train.whole().images.shape == (2, 3, 9, 9)


def test_damaged_and_missing_images_are_named(home: Home, tmp_path: Path):
    scenes(tmp_path)
    (tmp_path / "Images/bar/a.jpg").write_bytes(b"no image")
    (tmp_path / "Images/bar/b.jpg").unlink()

    with pytest.raises(UnreadableFileError, match=r"2 of 4 files .* bar/b\.jpg.* bar/a\.jpg"):
        imported(home, tmp_path)


def test_damaged_images_are_left_out_only_when_asked_for_and_counted(home: Home, tmp_path: Path):
    scenes(tmp_path)
    add_image(tmp_path / "Images", "bar/more.jpg")
    (tmp_path / "TrainImages.txt").write_text("bar/a.jpg\nbar/more.jpg\nmovie_theater/c.jpg\n")
    (tmp_path / "Images/bar/a.jpg").write_bytes(b"no image")

    card = imported(home, tmp_path, leave_out=True)

    assert (card.num_train, card.num_test) == (2, 2)
    assert "1 files were left out" in card.source


def test_a_list_cannot_lead_out_of_the_folder(home: Home, tmp_path: Path):
    scenes(tmp_path)
    (tmp_path / "TestImages.txt").write_text("../TrainImages.txt\n")

    with pytest.raises(UnreadableFileError, match=r"\.\./TrainImages\.txt \(its path leads out"):
        imported(home, tmp_path)


def test_without_test_images_a_fifth_of_every_class_is_set_aside_and_said(
    home: Home, tmp_path: Path
):
    scenes(tmp_path)
    (tmp_path / "TrainImages.txt").write_text("bar/a.jpg\nbar/b.jpg\nmovie_theater/c.jpg\n")
    (tmp_path / "TestImages.txt").write_text("")

    card = imported(home, tmp_path)

    assert (card.num_train, card.num_test) == (2, 1)
    assert "A fixed 20% of every class was set aside" in card.source


def test_one_class_is_no_data_set(home: Home, tmp_path: Path):
    scenes(tmp_path)
    (tmp_path / "TrainImages.txt").write_text("bar/a.jpg\n")
    (tmp_path / "TestImages.txt").write_text("bar/b.jpg\n")

    with pytest.raises(InvalidInputError, match="name 1 classes"):
        imported(home, tmp_path)


def test_another_folder_is_answered_with_what_is_expected(home: Home, tmp_path: Path):
    with pytest.raises(InvalidInputError, match="expected the unpacked CUB-200-2011"):
        imported(home, tmp_path, "cub200")


def test_lists_that_do_not_fit_each_other_are_refused(home: Home, tmp_path: Path):
    birds(tmp_path)
    (tmp_path / "CUB_200_2011/train_test_split.txt").write_text("1 1\n")

    with pytest.raises(UnreadableFileError, match=r"image 2 of .*images\.txt has no class or part"):
        imported(home, tmp_path, "cub200")


def test_a_damaged_list_is_named(home: Home, tmp_path: Path):
    dogs(tmp_path)
    (tmp_path / "test_list.mat").write_bytes(b"no matrix")

    with pytest.raises(UnreadableFileError, match=r"test_list\.mat is missing, damaged"):
        imported(home, tmp_path, "dogs")

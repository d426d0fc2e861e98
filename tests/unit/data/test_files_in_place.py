from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from modelfoundry.cards import DatasetCard
from modelfoundry.catalog.datasets import find_dataset, load_dataset
from modelfoundry.data.importing import get_dataset, import_dataset
from modelfoundry.data.problem import pose_problem
from modelfoundry.errors import (
    GoneError,
    InvalidInputError,
    UnknownNameError,
    UnreadableFileError,
)
from modelfoundry.settings import Home

TABBY, TIGER_CAT, TRACTOR = "n02123045", "n02123159", "n04465501"
LABELS = {TABBY: 281, TIGER_CAT: 282, TRACTOR: 866}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def add_image(folder: Path, name: str, *, red: int, size: tuple[int, int] = (320, 280)) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (red, 0, 0)).save(folder / name, quality=95)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four training images and one validation image of three classes; their red tells them."""
    folder = tmp_path / "ILSVRC2012"
    for at, class_folder in enumerate(LABELS):
        for number in range(4):
            name = f"{class_folder}_{number}.JPEG"
            add_image(folder / "train" / class_folder, name, red=40 * at + 10 * number)
        add_image(folder / "val" / class_folder, "ILSVRC2012_val_0001.JPEG", red=200 + 10 * at)
    return folder


@pytest.fixture
def card(home: Home, folder: Path) -> DatasetCard:
    return import_dataset(home, "imagenet", [folder])


def test_the_card_counts_the_images_of_every_class(card: DatasetCard, home: Home):
    assert (card.num_train, card.num_test, len(card.num_train_by_class)) == (12, 3, 1000)
    assert {label: n for label, n in enumerate(card.num_train_by_class) if n} == dict.fromkeys(
        LABELS.values(), 4
    )
    assert card.source.endswith("Images of 3 of 1,000 classes.")
    # What is here needs no way to get it.
    assert find_dataset(home, "imagenet") == card.model_copy(update={"how_to_get": ""})


@pytest.mark.usefixtures("card")
def test_nothing_is_copied_when_it_is_imported(home: Home):
    stored = home.datasets / "imagenet"

    assert sum(file.stat().st_size for file in stored.iterdir() if file.suffix != ".json") < 2000


@pytest.mark.usefixtures("card")
def test_images_taken_are_those_asked_for_with_a_margin_around_what_networks_take(home: Home):
    train = load_dataset(home, "imagenet").train

    taken = train.take(np.array([5, 0]))

    assert (taken.images.shape, taken.side) == ((2, 3, 256, 256), 224)
    assert taken.labels.tolist() == [282, 281]
    # The second tiger cat is 40 + 10 red, the first tabby black; JPEG may be off by a little.
    assert np.abs(taken.images[0, 0].astype(int) - 50).max() <= 2
    assert taken.images[1].max() <= 2


@pytest.mark.usefixtures("card")
def test_decoded_images_leave_no_file_behind(home: Home):
    before = set((home.datasets / "imagenet").iterdir())

    load_dataset(home, "imagenet").test.whole()

    assert set((home.datasets / "imagenet").iterdir()) == before


def test_a_target_is_posed_on_the_images_of_its_classes(card: DatasetCard, home: Home):
    problem = pose_problem(
        load_dataset(home, "imagenet"),
        card.classes,
        kind="multi-class",
        target_classes=("tractor", "tabby"),
        validation_fraction=0.25,
    )

    # One image in four is held out of each class.
    parts = (problem.train, problem.validation, problem.test)
    assert [np.bincount(part.labels).tolist() for part in parts] == [[3, 3], [1, 1], [1, 1]]
    reds = problem.test.images[:, 0, 0, 0].astype(int)  # the tractor's is 220, the tabby's 200
    assert np.abs(reds - np.where(problem.test.labels == 0, 220, 200)).max() <= 2
    assert problem.train.side == 224


def test_every_fault_of_the_layout_is_listed(home: Home, folder: Path):
    add_image(folder / "train" / "cats", "1.JPEG", red=0)
    add_image(folder / "val", "ILSVRC2012_val_00000001.JPEG", red=0)

    with pytest.raises(InvalidInputError) as refused:
        import_dataset(home, "imagenet", [folder])

    messages = sorted(fault.message for fault in refused.value.faults)
    assert messages == [
        "train/cats is no class; expected folders such as n01440764",
        "val/ILSVRC2012_val_00000001.JPEG lies in no folder of a class; sort images into folders "
        "such as val/n01440764 first",
    ]
    assert not (home.datasets / "imagenet").exists()


def test_a_folder_without_the_parts_is_told_what_is_expected(home: Home, tmp_path: Path):
    (tmp_path / "empty" / "train").mkdir(parents=True)

    with pytest.raises(InvalidInputError) as refused:
        import_dataset(home, "imagenet", [tmp_path / "empty"])

    first, second = (fault.message for fault in refused.value.faults)
    assert first == "train holds no images; expected train/n01440764/<image>"
    assert second.endswith("has no folder 'val'; expected val/n01440764/<image>")


@pytest.mark.usefixtures("card")
def test_a_damaged_image_is_named(home: Home, folder: Path):
    (folder / "val" / TABBY / "ILSVRC2012_val_0001.JPEG").write_bytes(b"no image")

    with pytest.raises(UnreadableFileError, match=f"1 of 3 files .* val/{TABBY}/"):
        load_dataset(home, "imagenet").test.whole()


@pytest.mark.usefixtures("card")
def test_a_folder_that_is_gone_is_named_with_the_way_out(home: Home, folder: Path):
    folder.rename(folder.with_name("moved"))

    with pytest.raises(GoneError, match=r"the image folder .*ILSVRC2012 is gone; bring it back"):
        load_dataset(home, "imagenet").test.whole()


def test_imagenet_cannot_be_downloaded_and_is_not_offered(home: Home):
    with pytest.raises(InvalidInputError, match=r"by hand; then run `modelfoundry data import"):
        get_dataset(home, "imagenet")
    with pytest.raises(UnknownNameError, match=r"known: cifar10, cifar100, svhn, flowers102$"):
        get_dataset(home, "cifar11")

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from modelfoundry.data.importing import get_dataset, import_dataset
from modelfoundry.data.known import KNOWN
from modelfoundry.data.store import read_dataset
from modelfoundry.errors import DownloadError, InvalidInputError, UnknownNameError
from modelfoundry.settings import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def arrays(tmp_path: Path) -> Path:
    """Ten images of each of two classes, without a test part."""
    np.savez(tmp_path / "mine.npz", x=np.zeros((20, 32, 32, 3), np.uint8), y=np.arange(20) % 2)
    return tmp_path / "mine.npz"


@pytest.fixture
def images(tmp_path: Path) -> Path:
    for name in ("train/cat", "train/dog", "test/cat", "test/dog"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "pets" / name / "1.png")
    return tmp_path / "pets"


def test_arrays_become_a_stored_data_set(home: Home, arrays: Path):
    card = import_dataset(home, "mine", [arrays], title="My images")
    assert (card.title, card.classes, card.input_shape) == ("My images", ("0", "1"), (3, 32, 32))
    assert len(read_dataset(home, card).train) == card.num_train


def test_missing_test_part_is_a_fifth_of_every_class_and_the_card_says_so(home: Home, arrays: Path):
    card = import_dataset(home, "mine", [arrays])
    assert np.bincount(read_dataset(home, card).test.labels).tolist() == [
        2,
        2,
    ]
    assert "A fixed 20% of every class was set aside as the test part." in card.source


def test_given_test_part_is_kept(home: Home, images: Path):
    card = import_dataset(home, "pets", [images])
    assert (card.num_train, card.num_test) == (2, 2)
    assert card.source == "Imported from pets."


def test_images_of_a_folder_are_brought_to_32_pixels_or_the_size_asked_for(
    home: Home, images: Path
):
    assert import_dataset(home, "pets", [images]).input_shape == (3, 32, 32)
    assert import_dataset(home, "pets-16", [images], size=16).input_shape == (3, 16, 16)


def test_known_data_set_brings_its_names_and_title(home: Home, tmp_path: Path):
    np.savez(
        tmp_path / "a.npz",
        x=np.zeros((20, 32, 32, 3), np.uint8),
        y=np.arange(20) % 10,
        classes=KNOWN["cifar10"].classes,
    )
    card = import_dataset(home, "cifar10", [tmp_path / "a.npz"])
    assert (card.title, card.classes[3]) == ("CIFAR-10", "cat")


def test_other_images_under_a_known_name_are_refused_with_every_reason(home: Home, tmp_path: Path):
    np.savez(
        tmp_path / "a.npz", x=np.zeros((4, 8, 8, 3), np.uint8), y=[0, 1, 0, 1], classes=["a", "b"]
    )
    with pytest.raises(InvalidInputError) as refused:
        import_dataset(home, "cifar10", [tmp_path / "a.npz"])
    assert "has the classes airplane" in str(refused.value)
    assert "has images of shape (3, 32, 32), the files have (3, 8, 8)" in str(refused.value)


def test_name_in_use_is_refused(home: Home, arrays: Path):
    import_dataset(home, "mine", [arrays])
    with pytest.raises(InvalidInputError, match="a data set named 'mine' is already here"):
        import_dataset(home, "mine", [arrays])


def test_name_of_the_embedded_data_set_is_refused(home: Home, arrays: Path):
    with pytest.raises(InvalidInputError, match="'digits' is always here"):
        import_dataset(home, "digits", [arrays])


@pytest.mark.parametrize(
    ("classes", "fault"),
    [
        (["a"], "only the class 'a'"),
        (["a", "a"], "2 classes are called 'a'"),
        (["a", " "], "' ' cannot name a class"),
        (["a", "b\n"], "cannot name a class"),
        (["a", "b", "c"], "'c' has 0 images; without a test part"),
    ],
    ids=["one", "twice", "blank", "line break", "no image"],
)
def test_classes_that_cannot_be_told_apart_are_refused(
    home: Home, tmp_path: Path, classes: list[str], fault: str
):
    labels = np.arange(4) % min(len(classes), 2)
    np.savez(tmp_path / "a.npz", x=np.zeros((4, 8, 8, 3), np.uint8), y=labels, classes=classes)
    with pytest.raises(InvalidInputError, match=fault):
        import_dataset(home, "mine", [tmp_path / "a.npz"])


def test_size_for_arrays_is_refused(home: Home, arrays: Path):
    with pytest.raises(InvalidInputError, match="arrays keep their size"):
        import_dataset(home, "mine", [arrays], size=16)


def test_size_out_of_bounds_is_refused(home: Home, images: Path):
    with pytest.raises(InvalidInputError, match="size 4 is outside 8-512"):
        import_dataset(home, "mine", [images], size=4)


def test_mixture_of_files_is_refused(home: Home, arrays: Path, images: Path):
    with pytest.raises(InvalidInputError, match=r"got mine\.npz, pets; expected"):
        import_dataset(home, "mine", [arrays, images])


def test_refused_files_leave_nothing_behind(home: Home, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInputError, match="holds no images"):
        import_dataset(home, "mine", [tmp_path / "empty"])
    assert not home.datasets.exists()


def test_data_set_nobody_offers_is_answered_with_those_to_be_had(home: Home):
    with pytest.raises(UnknownNameError, match="known: cifar10, cifar100, svhn"):
        get_dataset(home, "mnist")


@pytest.mark.parametrize("name", ["imagenet", "cub200"])
def test_data_set_that_nobody_may_pass_on_is_answered_with_the_way_out(home: Home, name: str):
    with pytest.raises(InvalidInputError, match=f"`modelfoundry data import {name} FOLDER`"):
        get_dataset(home, name)


def test_dead_network_is_answered_with_the_way_out(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(DownloadError, match="`modelfoundry data import cifar10 FILES`"):
        get_dataset(home, "cifar10")

"""Public data sets of image files whose parts and classes are told by files of their own.

Each is read from the folder that its archives unpack to, wherever in it the lists are.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from modelfoundry.errors import InvalidInputError, UnreadableFileError

Part = Literal["train", "test"]

FLOWER_NAMES = Path(__file__).parent / "facts" / "flowers102.json"  # in label order


@dataclass(frozen=True)
class Listed:
    """An image that a list names.

    Attributes:
        path: Relative to the folder of all images, with forward slashes.
    """

    path: str
    part: Part
    class_name: str


@dataclass(frozen=True)
class OfficialSplit:
    """How one data set says which image is of which part and class.

    Attributes:
        marker: A file or folder that tells where in a folder the data set begins.
        images: The folder of all images, below that place.
        expected: What there is in a complete copy, for messages.
        read: Lists the images from the place where the data set begins.
    """

    title: str
    marker: str
    images: str
    expected: str
    source: str
    read: Callable[[Path], Iterator[Listed]]

    def find(self, folder: Path) -> Path:
        """Return the place in a folder where the data set begins.

        Raises:
            InvalidInputError: It is not there; says what is expected.
        """
        for marker in sorted(folder.rglob(self.marker), key=lambda path: len(path.parts)):
            if (marker.parent / self.images).is_dir():
                return marker.parent
        raise InvalidInputError.of(
            "/file",
            f"{folder} has no {self.marker} beside a folder {self.images}; expected the unpacked "
            f"{self.title}: {self.expected}",
        )


def _birds(folder: Path) -> Iterator[Listed]:
    path_of, class_of, part_of, name_of = (
        dict(_pairs(folder / name))
        for name in (
            "images.txt",
            "image_class_labels.txt",
            "train_test_split.txt",
            "classes.txt",
        )
    )
    for number, path in path_of.items():
        try:
            class_name = name_of[class_of[number]].partition(".")[2]
            part: Part = "train" if part_of[number] == "1" else "test"
        except KeyError as error:
            raise UnreadableFileError(
                f"the image {number} of {folder / 'images.txt'} has no class or part in the other "
                f"lists ({error}); unpack the archive again"
            ) from error
        yield Listed(path, part, class_name.replace("_", " "))


def _flowers(folder: Path) -> Iterator[Listed]:
    names = json.loads(FLOWER_NAMES.read_text(encoding="utf-8"))
    labels = _matlab(folder / "imagelabels.mat", "labels").ravel()
    parts: dict[str, Part] = {"trnid": "train", "valid": "train", "tstid": "test"}
    for key, part in parts.items():
        for number in _matlab(folder / "setid.mat", key).ravel().tolist():
            class_name = names[int(labels[number - 1]) - 1]
            yield Listed(f"image_{number:05d}.jpg", part, class_name)


def _in_folders(
    folder: Path,
    *,
    lists: Mapping[str, Part],
    paths_in: Callable[[Path], Iterable[str]],
    class_in: Callable[[str], str] = str,
) -> Iterator[Listed]:
    """Read lists of paths whose first folder tells the class."""
    for name, part in lists.items():
        for path in paths_in(folder / name):
            class_name = class_in(path.partition("/")[0])
            yield Listed(path, part, class_name.replace("_", " "))


def _cells(file: Path) -> Iterator[str]:
    for cell in _matlab(file, "file_list").ravel():
        yield str(cell.item() if hasattr(cell, "item") else cell)


def _behind_dash(name: str) -> str:
    return name.partition("-")[2]


def _actions(folder: Path) -> Iterator[Listed]:
    for part in ("train", "test"):
        for file in sorted((folder / "ImageSplits").glob(f"*_{part}.txt")):
            class_name = file.stem.removesuffix(f"_{part}").replace("_", " ")
            for path in _lines(file):
                yield Listed(path, part, class_name)


def _lines(file: Path) -> list[str]:
    """Read the lines of a list that say something.

    Raises:
        UnreadableFileError: The list is missing or no text.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            f"{file} cannot be read ({error}); unpack the archive again"
        ) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(_lines(file), start=1):
        key, space, value = line.partition(" ")
        if not space:
            raise UnreadableFileError(
                f"line {number} of {file} is {line!r}; expected a number and a word"
            )
        yield key, value


def _matlab(file: Path, key: str) -> Any:
    """Read an array from a MATLAB file, which holds numbers and text but no code."""
    from scipy.io import loadmat  # noqa: PLC0415 - only needed here, and slow to load
    from scipy.io.matlab import MatReadError  # noqa: PLC0415

    try:
        return loadmat(file)[key]
    except (OSError, ValueError, KeyError, TypeError, NotImplementedError, MatReadError) as error:
        raise UnreadableFileError(
            f"{file} is missing, damaged, or has no {key!r} ({error}); download it again"
        ) from error


OFFICIAL_SPLITS: dict[str, OfficialSplit] = {
    "cub200": OfficialSplit(
        title="CUB-200-2011 (birds)",
        marker="images.txt",
        images="images",
        expected="images.txt, image_class_labels.txt, train_test_split.txt, classes.txt, images/",
        source="C. Wah et al., The Caltech-UCSD Birds-200-2011 Dataset, 2011.",
        read=_birds,
    ),
    "dogs": OfficialSplit(
        title="Stanford Dogs",
        marker="train_list.mat",
        images="Images",
        expected="Images/ of images.tar beside train_list.mat and test_list.mat of lists.tar",
        source="A. Khosla et al., Novel Dataset for Fine-Grained Image Categorization, 2011.",
        read=partial(
            _in_folders,
            lists={"train_list.mat": "train", "test_list.mat": "test"},
            paths_in=_cells,
            class_in=_behind_dash,
        ),
    ),
    "flowers102": OfficialSplit(
        title="Oxford Flowers 102",
        marker="setid.mat",
        images="jpg",
        expected="jpg/ of 102flowers.tgz beside imagelabels.mat and setid.mat",
        source="M.-E. Nilsback and A. Zisserman, Automated Flower Classification over a Large "
        "Number of Classes, 2008. Its validation part is part of the training images.",
        read=_flowers,
    ),
    "mit67": OfficialSplit(
        title="MIT Indoor Scenes",
        marker="TrainImages.txt",
        images="Images",
        expected="Images/ of indoorCVPR_09.tar beside TrainImages.txt and TestImages.txt",
        source="A. Quattoni and A. Torralba, Recognizing Indoor Scenes, CVPR 2009.",
        read=partial(
            _in_folders,
            lists={"TrainImages.txt": "train", "TestImages.txt": "test"},
            paths_in=_lines,
        ),
    ),
    "stanford40": OfficialSplit(
        title="Stanford 40 Actions",
        marker="ImageSplits",
        images="JPEGImages",
        expected="JPEGImages/ beside ImageSplits/ with <action>_train.txt and <action>_test.txt",
        source="B. Yao et al., Human Action Recognition by Learning Bases of Action Attributes "
        "and Parts, ICCV 2011.",
        read=_actions,
    ),
}

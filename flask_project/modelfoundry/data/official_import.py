"""From a folder with official lists to a data set whose image files stay where they are."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np

from modelfoundry.cards import DatasetCard
from modelfoundry.data.decoding import try_decode, unusable
from modelfoundry.data.files_in_place import ImageFiles
from modelfoundry.data.image_files import ImageFile
from modelfoundry.data.images import Dataset, FileProblem
from modelfoundry.data.official_splits import OFFICIAL_SPLITS, Listed
from modelfoundry.data.splits import DRAW_SEED, stratified_split
from modelfoundry.data.store import write_files_in_place
from modelfoundry.errors import InvalidInputError
from modelfoundry.settings import Home

DEFAULT_SIDE = 224
SIDES = range(8, 513)
TEST_FRACTION = 0.2
CHECKED_AT_ONCE = 1024
CHECKED_SIDE = 8


def import_official(
    home: Home, name: str, folder: Path, *, size: int | None = None, leave_out: bool = False
) -> DatasetCard:
    """List the images of a public data set by its own lists; none is copied.

    Every image is opened once, so that damaged ones are known now and not in the middle of a job.
    Where the lists name no test images, a fifth of every class is set aside, always the same one,
    and the card's source says so.

    Args:
        home: Where data sets are kept.
        name: One of :data:`modelfoundry.data.official_splits.OFFICIAL_SPLITS`.
        folder: The unpacked archive, or a folder that holds it.
        size: Height and width that networks will take; 224 if absent.
        leave_out: Whether to go on without images that cannot be used; the card's source counts
            them.

    Raises:
        InvalidInputError: The folder does not hold that data set, or only one class of it.
        UnreadableFileError: A list is damaged, or images cannot be used; names the first ones.
        StorageError: The disk is full or cannot be written.
    """
    official, side = OFFICIAL_SPLITS[name], size or DEFAULT_SIDE
    if side not in SIDES:
        raise InvalidInputError.of(
            "/size", f"size {side} is outside {SIDES.start}-{SIDES.stop - 1} pixels"
        )
    begin = official.find(folder.resolve())
    images = begin / official.images
    listed = list(official.read(begin))
    problems = _problems(images, [each.path for each in listed])
    if problems and not leave_out:
        raise unusable(str(images), list(problems.values()), among=len(listed))
    used = [each for row, each in enumerate(listed) if row not in problems]
    classes = tuple(sorted({each.class_name for each in used}))
    if len(classes) < 2:  # noqa: PLR2004 - the fewest among which one can tell
        raise InvalidInputError.of(
            "/file", f"the lists in {begin} name {len(classes)} classes; two or more are needed"
        )
    source = f"{official.source} Listed from {begin.name}, all files stay there."
    if problems:
        source += f" {len(problems)} files were left out."
    train, test = (_part(used, part) for part in ("train", "test"))
    if not test:
        source += f" A fixed {TEST_FRACTION:.0%} of every class was set aside as the test part."
        train, test = _set_aside(train, classes)
    scratch = home.datasets / name
    dataset = Dataset(
        train=_files(images, train, classes, side=side, scratch=scratch),
        test=_files(images, test, classes, side=side, scratch=scratch),
    )
    card = DatasetCard(
        name=name,
        title=official.title,
        classes=classes,
        input_shape=(3, side, side),
        source=source,
    )
    return write_files_in_place(home, card, dataset)


def _part(listed: Sequence[Listed], part: Literal["train", "test"]) -> list[Listed]:
    return [each for each in listed if each.part == part]


def _set_aside(
    listed: Sequence[Listed], classes: Sequence[str]
) -> tuple[list[Listed], list[Listed]]:
    labels = np.array([classes.index(each.class_name) for each in listed], dtype=np.int64)
    rest, held_out = stratified_split(labels, TEST_FRACTION, seed=DRAW_SEED)
    return [listed[row] for row in rest], [listed[row] for row in held_out]


def _files(
    folder: Path, listed: Sequence[Listed], classes: Sequence[str], *, side: int, scratch: Path
) -> ImageFiles:
    number_of = {class_name: number for number, class_name in enumerate(classes)}
    return ImageFiles(
        folder=folder,
        paths=[each.path for each in listed],
        labels=np.array([number_of[each.class_name] for each in listed], dtype=np.int64),
        side=side,
        scratch=scratch,
    )


def _problems(folder: Path, paths: Sequence[str]) -> dict[int, FileProblem]:
    """Say which listed images are missing, damaged, or outside the folder, by row."""
    problems = {
        row: FileProblem(path, misplaced)
        for row, path in enumerate(paths)
        if (misplaced := _misplaced(folder, path))
    }
    rows = [row for row in range(len(paths)) if row not in problems]
    for start in range(0, len(rows), CHECKED_AT_ONCE):
        some = rows[start : start + CHECKED_AT_ONCE]
        files = [ImageFile(paths[row], (folder / paths[row]).read_bytes) for row in some]
        scratch = np.empty((len(files), 3, CHECKED_SIDE, CHECKED_SIDE), dtype=np.uint8)
        for position, problem in try_decode(files, scratch).items():
            problems[some[position]] = problem
    return problems


def _misplaced(folder: Path, path: str) -> str | None:
    place = PurePosixPath(path)
    if place.is_absolute() or ".." in place.parts:
        return "its path leads out of the folder"
    if not (folder / place).is_file():
        return "it is listed but not there"
    return None

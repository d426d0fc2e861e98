import pickle
from pathlib import Path

import numpy as np
import pytest

from modelfoundry.data.arrays import read_arrays
from modelfoundry.errors import InvalidInputError, UnreadableFileError

NHWC = np.arange(4 * 5 * 6 * 3, dtype=np.uint8).reshape(4, 5, 6, 3)
LABELS = np.array([0, 1, 1, 0], dtype=np.uint8)


@pytest.fixture
def save(tmp_path: Path):
    def save_arrays(name: str = "mine.npz", **arrays) -> Path:
        np.savez(tmp_path / name, **arrays)
        return tmp_path / name

    return save_arrays


def faults_of(*files: Path, classes: tuple[str, ...] | None = None) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read_arrays(files, classes=classes)
    return str(refused.value)


def test_channels_last_become_channels_first(save):
    found = read_arrays([save(x=NHWC, y=LABELS)])
    assert found.train.images.shape == (4, 3, 5, 6)
    assert found.train.images[1, 2, 3, 4] == NHWC[1, 3, 4, 2]


def test_channels_first_stay_as_they_are(save):
    nchw = NHWC.transpose(0, 3, 1, 2)
    assert (read_arrays([save(x=nchw, y=LABELS)]).train.images == nchw).all()


def test_one_channel_becomes_three_equal_ones(save):
    found = read_arrays([save(x=NHWC[..., :1], y=LABELS)])
    assert (found.train.images == NHWC[..., 0][:, None].repeat(3, axis=1)).all()


def test_floats_are_scaled_to_255(save):
    images = np.full((1, 4, 4, 3), 0.2)
    found = read_arrays([save(x=images, y=[0])], classes=("a",))
    assert np.unique(found.train.images).tolist() == [51]  # 0.2 * 255


def test_files_are_joined_in_the_order_given(save):
    first, second = save("b.npz", x=NHWC[:1], y=[1]), save("a.npz", x=NHWC[1:], y=[0, 1, 0])
    assert read_arrays([first, second]).train.labels.tolist() == [1, 0, 1, 0]


def test_file_with_test_in_its_name_is_the_test_part(save):
    found = read_arrays([save(x=NHWC, y=LABELS), save("my-test.npz", x=NHWC[:2], y=[0, 1])])
    assert found.test is not None
    assert (len(found.train), len(found.test)) == (4, 2)


def test_one_file_may_hold_both_parts_and_names(save):
    found = read_arrays(
        [save(train_x=NHWC, train_y=LABELS, test_x=NHWC[:2], test_y=[0, 1], classes=["a", "b"])]
    )
    assert found.test is not None
    assert (len(found.train), len(found.test), found.classes) == (4, 2, ("a", "b"))


def test_labels_may_be_a_column(save):
    assert read_arrays([save(x=NHWC, y=LABELS[:, None])]).train.labels.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("images", "labels", "fault"),
    [
        (NHWC[0], LABELS, "'x' in mine.npz has shape (5, 6, 3)"),
        (NHWC[:0], LABELS[:0], "'x' in mine.npz has shape (0, 5, 6, 3)"),
        (NHWC[:, :, :, :2], LABELS, "the channels, 1 or 3, must be"),
        (NHWC[:, :3], LABELS, "only one of these two may be 1 or 3 long"),
        (NHWC.astype(np.int32), LABELS, "'x' in mine.npz has type int32"),
        (np.full((4, 5, 6, 3), np.nan), LABELS, "'x' in mine.npz holds NaN"),
        (NHWC.astype(np.float32), LABELS, "holds floats in 0.0-255.0; expected 0-1"),
        (NHWC, LABELS[:3], "expected as many labels as images"),
        (NHWC, LABELS.astype(float), "'y' in mine.npz has type float64"),
        (NHWC, np.array([0, 1, 1, -1]), "labels -1 to 1; expected 0 up"),
        (NHWC, np.array([0, 1, 1, 3]), "labels go up to 3 but no image has label 2"),
        (NHWC, np.zeros((4, 2), int), "'y' in mine.npz has shape (4, 2); expected (N,)"),
    ],
    ids=[
        "one image",
        "no images",
        "two channels",
        "ambiguous axes",
        "wrong type",
        "NaN",
        "floats to 255",
        "too few labels",
        "float labels",
        "negative label",
        "gap in labels",
        "one-hot labels",
    ],
)
def test_arrays_that_make_no_sense_are_explained(save, images, labels, fault: str):
    assert fault in faults_of(save(x=images, y=labels))


def test_labels_beyond_the_classes_are_refused(save):
    file = save(x=NHWC, y=np.array([0, 1, 2, 0]), classes=["a", "b"])
    assert "holds labels 0 to 2; expected 0 to 1" in faults_of(file)


def test_all_faults_are_reported_at_once(save):
    text = faults_of(save(x=NHWC.astype(int), y=LABELS[:3].astype(float)))
    assert "'x' in mine.npz has type" in text
    assert "'y' in mine.npz has type" in text
    assert "as many labels as images" in text


def test_files_of_different_shapes_are_refused(save):
    files = save("a.npz", x=NHWC, y=LABELS), save("b.npz", x=NHWC[:, :4], y=LABELS)
    assert "different shapes: (3, 4, 6), (3, 5, 6)" in faults_of(*files)


def test_missing_labels_are_named(save):
    assert "one of 'train_x' and 'train_y'" in faults_of(save(train_x=NHWC))


def test_file_without_any_known_array_is_refused(save):
    assert "mine.npz has no arrays 'x' and 'y'" in faults_of(save(images=NHWC))


def test_test_images_alone_are_refused(save):
    assert "test images only" in faults_of(save("test.npz", x=NHWC, y=LABELS))


def test_class_names_must_be_texts(save):
    assert "'classes' in mine.npz is int64" in faults_of(save(x=NHWC, y=LABELS, classes=[1, 2]))


def test_pickled_objects_are_never_loaded(save):
    file = save(x=np.array([{"a": 1}], dtype=object), y=LABELS)
    with pytest.raises(UnreadableFileError, match=r"mine\.npz holds pickled Python objects"):
        read_arrays([file])


def test_pickle_under_the_name_of_an_npz_is_refused(tmp_path: Path):
    (tmp_path / "mine.npz").write_bytes(pickle.dumps({"x": 1}))
    with pytest.raises(UnreadableFileError, match=r"no \.npz file"):
        read_arrays([tmp_path / "mine.npz"])


def test_truncated_file_is_called_so(save):
    file = save(x=NHWC, y=LABELS)
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(UnreadableFileError, match=r"mine\.npz is truncated"):
        read_arrays([file])


def test_altered_file_is_called_damaged(save):
    file = save(x=NHWC, y=LABELS)
    content = bytearray(file.read_bytes())
    content[400] ^= 0xFF  # among the pixels
    file.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=r"mine\.npz is truncated or damaged: Bad CRC"):
        read_arrays([file])

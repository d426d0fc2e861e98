import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from modelfoundry.data.preview import preview_dataset
from modelfoundry.errors import InvalidInputError

BLACK, WHITE = 0, 255


@pytest.fixture
def arrays(tmp_path: Path) -> Path:
    """Ten black images of class 0 and ten white ones of class 1, without a test part."""
    labels = np.arange(20) % 2
    images = np.broadcast_to(labels[:, None, None, None] * WHITE, (20, 8, 8, 3)).astype(np.uint8)
    np.savez(tmp_path / "mine.npz", x=images, y=labels, classes=["black", "white"])
    return tmp_path / "mine.npz"


def test_a_preview_counts_what_would_be_stored(arrays: Path):
    preview = preview_dataset([arrays])

    counts = [(each.name, each.num_train, each.num_test) for each in preview.classes]
    assert counts == [("black", 8, 2), ("white", 8, 2)]  # a fifth of ten is set aside
    assert (preview.num_train, preview.num_test, preview.is_split_made_up) == (16, 4, True)
    assert preview.input_shape == (3, 8, 8)


def test_five_samples_of_a_class_are_images_of_that_class(arrays: Path):
    black, white = preview_dataset([arrays]).classes

    assert len(black.samples) == len(white.samples) == 5
    sample = np.asarray(Image.open(io.BytesIO(white.samples[0])))
    assert (sample.shape, sample.min()) == ((8, 8, 3), WHITE)


def test_large_images_are_shown_small(tmp_path: Path):
    np.savez(tmp_path / "a.npz", x=np.zeros((4, 200, 100, 3), np.uint8), y=[0, 0, 1, 1])

    sample = preview_dataset([tmp_path / "a.npz"]).classes[0].samples[0]

    assert Image.open(io.BytesIO(sample)).size == (48, 96)


def test_files_that_would_be_left_out_are_listed(tmp_path: Path):
    for path in ("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"):
        (tmp_path / "pets" / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(tmp_path / "pets" / path)
    (tmp_path / "pets" / "cat" / "3.png").write_bytes(b"no image")

    preview = preview_dataset([tmp_path / "pets"], size=8)

    assert [problem.path for problem in preview.left_out] == ["cat/3.png"]
    assert preview.num_train + preview.num_test == 4


def test_what_could_not_be_imported_cannot_be_previewed(tmp_path: Path):
    np.savez(tmp_path / "a.npz", x=np.zeros((4, 8, 8, 3), np.uint8), y=[0, 0, 0, 0])

    with pytest.raises(InvalidInputError, match="there is only the class '0'"):
        preview_dataset([tmp_path / "a.npz"])

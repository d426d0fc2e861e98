"""Public data sets by way of torchvision, which knows where they are and their checksums."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from modelfoundry.data.images import Dataset, ImageSet
from modelfoundry.errors import DownloadError

FLOWERS = "flowers102"


def download_flowers(folder: Path) -> Path:
    """Download and unpack Oxford Flowers 102, as it is published, and return where it is.

    Raises:
        DownloadError: The network or the server failed, or the content has another checksum.
    """
    from torchvision.datasets import Flowers102  # noqa: PLC0415 - as below

    try:
        Flowers102(str(folder), download=True)
    except (OSError, RuntimeError) as error:
        raise DownloadError(
            f"could not download {FLOWERS!r} ({error}); try again, or unpack it by hand and bring "
            f"it with `modelfoundry data import {FLOWERS} FOLDER`"
        ) from error
    return folder / "flowers-102"  # torchvision's own name for it


def download(name: str) -> Dataset:
    """Download ``cifar10``, ``cifar100`` or ``svhn`` and bring it to the common form.

    Raises:
        DownloadError: The network or the server failed, or the content has another checksum.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            train, test = _fetch(name, folder)
        except (OSError, RuntimeError) as error:
            raise DownloadError(
                f"could not download {name!r} ({error}); try again, or bring its arrays from "
                f"elsewhere with `modelfoundry data import {name} FILES`"
            ) from error
    return Dataset(train=as_image_set(train), test=as_image_set(test))


def as_image_set(source: Any) -> ImageSet:
    """Bring what torchvision read to the common form; it keeps each data set's own layout."""
    images = source.data if source.data.shape[1] == 3 else source.data.transpose(0, 3, 1, 2)  # noqa: PLR2004 - RGB
    labels = source.labels if hasattr(source, "labels") else source.targets
    return ImageSet(np.ascontiguousarray(images), np.asarray(labels, dtype=np.int64))


def _fetch(name: str, folder: str) -> tuple[Any, Any]:
    from torchvision.datasets import (  # noqa: PLC0415 - loads torch; few who import us need it
        CIFAR10,
        CIFAR100,
        SVHN,
    )

    if name == "svhn":
        return SVHN(folder, "train", download=True), SVHN(folder, "test", download=True)
    kind = CIFAR10 if name == "cifar10" else CIFAR100
    return kind(folder, train=True, download=True), kind(folder, train=False, download=True)

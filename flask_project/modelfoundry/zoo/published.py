"""Trained weights that others have published: where they are and what they need.

Loads neither torch nor the libraries: what those offer is data, ``torchvision_weights.txt`` and
``timm_weights.txt``, made by :mod:`modelfoundry.zoo.list_weights`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from modelfoundry.errors import UnknownNameError
from modelfoundry.zoo.names import COMMENT, LIBRARIES

IMAGENET_CLASSES = 1000

CIFAR_RELEASES = "https://github.com/chenyaofo/pytorch-cifar-models/releases/download"
CIFAR_STATISTICS = {
    "cifar10": ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)),
    "cifar100": ((0.5070, 0.4865, 0.4409), (0.2673, 0.2564, 0.2761)),
}
# Data set, network, and the beginning of the file's sha256, which is part of its name.
CIFAR_FILES = (
    ("cifar10", "resnet20", "4118986f"),
    ("cifar10", "resnet32", "ef93fc4d"),
    ("cifar10", "resnet44", "2a3cabcb"),
    ("cifar10", "resnet56", "187c023a"),
    ("cifar10", "vgg11_bn", "eaeebf42"),
    ("cifar10", "vgg13_bn", "c01e4a43"),
    ("cifar10", "vgg16_bn", "6ee7ea24"),
    ("cifar10", "vgg19_bn", "57191229"),
    ("cifar100", "resnet20", "23dac2f1"),
    ("cifar100", "resnet32", "84213ce6"),
    ("cifar100", "resnet44", "ffe32858"),
    ("cifar100", "resnet56", "f2eff4c8"),
    ("cifar100", "vgg11_bn", "57d0759e"),
    ("cifar100", "vgg13_bn", "5ebe5778"),
    ("cifar100", "vgg16_bn", "7d8c4031"),
    ("cifar100", "vgg19_bn", "b98f7bd7"),
)

_HASH_IN_NAME = re.compile(r"-([0-9a-f]{8,64})\.\w+$")


@dataclass(frozen=True)
class PublishedWeights:
    """Weights in a file on the network.

    Attributes:
        name: What they are asked for by, such as ``torchvision/resnet50.IMAGENET1K_V2``.
        dataset: What they were trained on.
        mean: Per channel, of images scaled to 0-1, in their training; ``std`` likewise.
        file_name: What the file is called here; with an ending that tells its kind.
        sha256_start: The first digits, where the publisher tells them; empty where not.
    """

    name: str
    architecture: str
    dataset: str
    url: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    license: str
    file_name: str
    sha256_start: str

    @property
    def model_name(self) -> str:
        """A name for the model they become."""
        return re.sub(r"[^a-z0-9._-]", "-", self.name.lower())[:64]


def find_published(name: str) -> PublishedWeights:
    """Look weights up by name; of a library's network alone, its default ones.

    Raises:
        UnknownNameError: Nobody we know has published such; the message names the most alike.
    """
    published = list_published()
    try:
        return published[name]
    except KeyError:
        raise UnknownNameError("published weights", name, published) from None


@cache
def list_published() -> dict[str, PublishedWeights]:
    """List all weights by name; the default ones of a library's network by its name as well."""
    listed = {weights.name: weights for weights in (*_cifar(), *_akamaster())}
    for library in LIBRARIES:
        for weights in _of_library(library):
            listed.setdefault(weights.architecture, weights)
            listed[weights.name] = weights
    return listed


def weights_file(library: str) -> Path:
    """Tell where the list of a library's weights is."""
    return Path(__file__).parent / f"{library}_weights.txt"


def _cifar() -> Iterator[PublishedWeights]:
    for dataset, network, digest in CIFAR_FILES:
        mean, std = CIFAR_STATISTICS[dataset]
        family = re.sub(r"[\d_].*", "", network)
        architecture = f"{network}-b" if family == "resnet" else network.replace("_", "-")
        file_name = f"{dataset}_{network}-{digest}.pt"
        yield PublishedWeights(
            name=f"{architecture}-{dataset}",
            architecture=architecture,
            dataset=dataset,
            url=f"{CIFAR_RELEASES}/{family}/{file_name}",
            mean=mean,
            std=std,
            license="bsd-3-clause",
            file_name=file_name,
            sha256_start=digest,
        )


def _akamaster() -> Iterator[PublishedWeights]:
    file_name = "resnet20-12fca82f.th"
    yield PublishedWeights(
        name="resnet20-cifar10",
        architecture="resnet20",
        dataset="cifar10",
        url="https://github.com/akamaster/pytorch_resnet_cifar10/raw/master/pretrained_models/"
        + file_name,
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
        license="bsd-2-clause",
        file_name=file_name,
        sha256_start="12fca82f",
    )


def _of_library(library: str) -> Iterator[PublishedWeights]:
    for line in weights_file(library).read_text().splitlines():
        if line.startswith(COMMENT):
            continue
        network, tag, mean, std, license_, url = line.split()
        in_name = _HASH_IN_NAME.search(url)
        yield PublishedWeights(
            name=f"{library}/{network}.{tag}",
            architecture=f"{library}/{network}",
            dataset="imagenet",
            url=url,
            mean=_numbers(mean),
            std=_numbers(std),
            license=license_,
            # Where every file has the same name, that of the weights.
            file_name=url.rpartition("/")[2] if in_name else f"{network}.{tag}{Path(url).suffix}",
            sha256_start=in_name[1] if in_name else "",
        )


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(map(float, text.split(",")))

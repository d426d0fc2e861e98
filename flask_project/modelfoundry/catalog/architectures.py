"""The kinds of network this installation can build: ours, and those of two libraries."""

import re

from modelfoundry.cards import ArchitectureCard
from modelfoundry.errors import UnknownNameError
from modelfoundry.zoo.names import library_architectures

RESNET_SOURCE = "He et al., Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2."
VGG_SOURCE = (
    "Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, "
    "ICLR 2015; with batch norm, for 32x32 images."
)
GRADSPLITTER_SOURCE = (
    "Qi et al., Reusing Convolutional Neural Network Models through Modularization and "
    "Composition, TOSEM 2023."
)
WIDTH_SUFFIX = re.compile(r"(?P<name>.+)-w(?P<width>\d+(\.\d{1,4})?)")
MAX_WIDTH = 4


def _resnet(depth: int) -> tuple[ArchitectureCard, ArchitectureCard]:
    padded = ArchitectureCard(
        name=f"resnet{depth}",
        title=f"ResNet{depth} (zero-padded shortcuts)",
        family="resnet",
        builder=f"modelfoundry.zoo.resnet_cifar:resnet{depth}",
        smallest_side=8,
        source=RESNET_SOURCE,
    )
    projected = ArchitectureCard(
        name=f"resnet{depth}-b",
        title=f"ResNet{depth} (1x1-convolution shortcuts)",
        family="resnet",
        builder=f"modelfoundry.zoo.resnet_cifar:resnet{depth}_b",
        smallest_side=8,
        source=RESNET_SOURCE,
    )
    return padded, projected


def _vgg(depth: int) -> ArchitectureCard:
    return ArchitectureCard(
        name=f"vgg{depth}-bn",
        title=f"VGG{depth} with batch norm",
        family="vgg",
        builder=f"modelfoundry.zoo.vgg:vgg{depth}_bn",
        source=VGG_SOURCE,
    )


ARCHITECTURES: dict[str, ArchitectureCard] = {
    card.name: card
    for card in (
        ArchitectureCard(
            name="cnn-small",
            title="Small CNN",
            family="cnn",
            builder="modelfoundry.zoo.small_cnn:SmallCnn",
            smallest_side=4,
        ),
        *_resnet(20),
        *_resnet(32),
        *_resnet(44),
        *_resnet(56),
        *(_vgg(depth) for depth in (11, 13, 16, 19)),
        *(
            ArchitectureCard(
                name=title.lower(),
                title=title,
                family=title.lower(),
                builder=f"modelfoundry.zoo.{title.lower()}:{title[:-2]}nn",
                smallest_side=8 if title == "InceCNN" else None,
                has_widths=True,
                source=GRADSPLITTER_SOURCE,
            )
            for title in ("SimCNN", "ResCNN", "InceCNN")
        ),
    )
}


def find_architecture(name: str) -> ArchitectureCard:
    """Look an architecture up by name: ours, or ``torchvision/...``, or ``timm/...``.

    Some of ours have versions of other widths, which no list names: ``simcnn-w0.25`` has a quarter
    of the channels of ``simcnn``.

    Raises:
        UnknownNameError: There is none of that name; the message names those most like it.
    """
    if (wanted := WIDTH_SUFFIX.fullmatch(name)) and 0 < float(wanted["width"]) <= MAX_WIDTH:
        full = ARCHITECTURES.get(wanted["name"])
        if full is not None and full.has_widths:
            return _of_width(full, float(wanted["width"]))
    library = library_architectures()
    card = ARCHITECTURES.get(name) or library.get(name)
    if card is None:
        names = (*ARCHITECTURES, *library)
        # Those of the same name in a library, if only the library was forgotten.
        namesakes = [known for known in names if _own_part(known) == _own_part(name)]
        raise UnknownNameError("architecture", name, namesakes or names)
    return card


def search_architectures(words: str = "") -> list[ArchitectureCard]:
    """List the architectures whose name or family contains every word, ours first."""
    wanted = words.lower().split()
    return [
        card
        for cards in (ARCHITECTURES, library_architectures())
        for card in cards.values()
        if all(word in f"{card.name} {card.family}" for word in wanted)
    ]


def _of_width(full: ArchitectureCard, width: float) -> ArchitectureCard:
    if width == 1:
        return full
    return full.model_copy(
        update={
            "name": f"{full.name}-w{width:g}",
            "title": f"{full.title} of width {width:g}",
            "arguments": {"width": width},
        }
    )


def _own_part(name: str) -> str:
    return name.lower().rpartition("/")[2].replace("-", "_")

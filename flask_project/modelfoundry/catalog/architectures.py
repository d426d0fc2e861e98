"""The kinds of network this installation can build."""

from modelfoundry.cards import ArchitectureCard
from modelfoundry.errors import UnknownNameError

RESNET_SOURCE = "He et al., Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2."
VGG_SOURCE = (
    "Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, "
    "ICLR 2015; with batch norm, for 32x32 images."
)
GRADSPLITTER_SOURCE = (
    "Qi et al., Reusing Convolutional Neural Network Models through Modularization and "
    "Composition, TOSEM 2023."
)


def _resnet(depth: int) -> tuple[ArchitectureCard, ArchitectureCard]:
    padded = ArchitectureCard(
        name=f"resnet{depth}",
        title=f"ResNet{depth} (zero-padded shortcuts)",
        family="resnet",
        builder=f"modelfoundry.zoo.resnet_cifar:resnet{depth}",
        source=RESNET_SOURCE,
    )
    projected = ArchitectureCard(
        name=f"resnet{depth}-b",
        title=f"ResNet{depth} (1x1-convolution shortcuts)",
        family="resnet",
        builder=f"modelfoundry.zoo.resnet_cifar:resnet{depth}_b",
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
                source=GRADSPLITTER_SOURCE,
            )
            for title in ("SimCNN", "ResCNN", "InceCNN")
        ),
    )
}


def find_architecture(name: str) -> ArchitectureCard:
    """Look an architecture up by name.

    Raises:
        UnknownNameError: There is none of that name; the message lists the known ones.
    """
    try:
        return ARCHITECTURES[name]
    except KeyError:
        raise UnknownNameError("architecture", name, ARCHITECTURES) from None

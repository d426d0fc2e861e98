"""Cards of public data sets that are not here until somebody gets or imports them."""

from modelfoundry.cards import DatasetCard

TINY_IMAGES = "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009."

# fmt: off
CIFAR10_CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)
CIFAR100_CLASSES = (
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle",
    "bottle", "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle",
    "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch",
    "crab", "crocodile", "cup", "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox",
    "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion",
    "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse", "mushroom",
    "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree",
    "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road",
    "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake",
    "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank",
    "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle",
    "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
)
# fmt: on

KNOWN: dict[str, DatasetCard] = {
    card.name: card
    for card in (
        DatasetCard(
            name="cifar10",
            title="CIFAR-10",
            classes=CIFAR10_CLASSES,
            input_shape=(3, 32, 32),
            source=TINY_IMAGES,
            how_to_get="modelfoundry data get cifar10",
        ),
        DatasetCard(
            name="cifar100",
            title="CIFAR-100",
            classes=CIFAR100_CLASSES,
            input_shape=(3, 32, 32),
            source=TINY_IMAGES,
            how_to_get="modelfoundry data get cifar100",
        ),
        DatasetCard(
            name="svhn",
            title="Street View House Numbers",
            classes=tuple("0123456789"),
            input_shape=(3, 32, 32),
            source="Y. Netzer et al., Reading Digits in Natural Images with Unsupervised Feature "
            "Learning, NIPS Workshop on Deep Learning 2011.",
            how_to_get="modelfoundry data get svhn",
        ),
    )
}

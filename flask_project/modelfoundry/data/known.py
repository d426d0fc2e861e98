"""Cards of public data sets that are not here until somebody gets or imports them."""

from modelfoundry.cards import DatasetCard
from modelfoundry.data.digits import DIGIT_GROUPS
from modelfoundry.data.groups import class_groups
from modelfoundry.data.imagenet import imagenet_card

TINY_IMAGES = "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009."

CIFAR10_GROUPS = {
    "animals": ("bird", "cat", "deer", "dog", "frog", "horse"),
    "vehicles": ("airplane", "automobile", "ship", "truck"),
}
# The superclasses that CIFAR-100 was published with; its labels are its classes in sorted order.
CIFAR100_GROUPS = {
    "aquatic_mammals": ("beaver", "dolphin", "otter", "seal", "whale"),
    "fish": ("aquarium_fish", "flatfish", "ray", "shark", "trout"),
    "flowers": ("orchid", "poppy", "rose", "sunflower", "tulip"),
    "food_containers": ("bottle", "bowl", "can", "cup", "plate"),
    "fruit_and_vegetables": ("apple", "mushroom", "orange", "pear", "sweet_pepper"),
    "household_electrical_devices": ("clock", "keyboard", "lamp", "telephone", "television"),
    "household_furniture": ("bed", "chair", "couch", "table", "wardrobe"),
    "insects": ("bee", "beetle", "butterfly", "caterpillar", "cockroach"),
    "large_carnivores": ("bear", "leopard", "lion", "tiger", "wolf"),
    "large_man-made_outdoor_things": ("bridge", "castle", "house", "road", "skyscraper"),
    "large_natural_outdoor_scenes": ("cloud", "forest", "mountain", "plain", "sea"),
    "large_omnivores_and_herbivores": ("camel", "cattle", "chimpanzee", "elephant", "kangaroo"),
    "medium_mammals": ("fox", "porcupine", "possum", "raccoon", "skunk"),
    "non-insect_invertebrates": ("crab", "lobster", "snail", "spider", "worm"),
    "people": ("baby", "boy", "girl", "man", "woman"),
    "reptiles": ("crocodile", "dinosaur", "lizard", "snake", "turtle"),
    "small_mammals": ("hamster", "mouse", "rabbit", "shrew", "squirrel"),
    "trees": ("maple_tree", "oak_tree", "palm_tree", "pine_tree", "willow_tree"),
    "vehicles_1": ("bicycle", "bus", "motorcycle", "pickup_truck", "train"),
    "vehicles_2": ("lawn_mower", "rocket", "streetcar", "tank", "tractor"),
}

KNOWN: dict[str, DatasetCard] = {
    card.name: card
    for card in (
        DatasetCard(
            name="cifar10",
            title="CIFAR-10",
            classes=tuple(sorted(sum(CIFAR10_GROUPS.values(), ()))),
            groups=class_groups(CIFAR10_GROUPS),
            input_shape=(3, 32, 32),
            source=TINY_IMAGES,
            how_to_get="modelfoundry data get cifar10",
        ),
        DatasetCard(
            name="cifar100",
            title="CIFAR-100",
            classes=tuple(sorted(sum(CIFAR100_GROUPS.values(), ()))),
            groups=class_groups(CIFAR100_GROUPS),
            input_shape=(3, 32, 32),
            source=TINY_IMAGES,
            how_to_get="modelfoundry data get cifar100",
        ),
        DatasetCard(
            name="svhn",
            title="Street View House Numbers",
            classes=tuple("0123456789"),
            groups=class_groups(DIGIT_GROUPS),
            is_mirrorable=False,
            input_shape=(3, 32, 32),
            source="Y. Netzer et al., Reading Digits in Natural Images with Unsupervised Feature "
            "Learning, NIPS Workshop on Deep Learning 2011.",
            how_to_get="modelfoundry data get svhn",
        ),
        imagenet_card(),
    )
}

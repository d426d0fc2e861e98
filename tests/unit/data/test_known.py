from modelfoundry.data.imagenet import imagenet_folders
from modelfoundry.data.known import KNOWN

IMAGENET = KNOWN["imagenet"]
CLASSES_BY_GROUP = {group.name: group.classes for group in IMAGENET.groups}


def test_cifar100_has_twenty_superclasses_of_five_that_share_no_class():
    groups = KNOWN["cifar100"].groups

    assert [len(group.classes) for group in groups] == [5] * 20
    assert sorted(name for group in groups for name in group.classes) == list(
        KNOWN["cifar100"].classes
    )


def test_imagenet_has_a_thousand_classes_in_the_order_of_their_folders():
    folders = imagenet_folders()

    assert len(set(folders)) == len(set(IMAGENET.classes)) == 1000
    assert list(folders) == sorted(folders)
    assert (folders[0], IMAGENET.classes[0]) == ("n01440764", "tench")
    assert (folders[281], IMAGENET.classes[281]) == ("n02123045", "tabby")
    assert (folders[999], IMAGENET.classes[999]) == ("n15075141", "toilet tissue")


def test_imagenets_groups_share_no_class_and_leave_three_out():
    grouped = [name for classes in CLASSES_BY_GROUP.values() for name in classes]

    # 67 were published; those of one class are no question to ask.
    assert len(CLASSES_BY_GROUP) == 64
    assert set(IMAGENET.classes) - set(grouped) == {"triceratops", "trilobite", "armadillo"}
    assert len(grouped) == 997


def test_imagenets_groups_are_the_published_ones():
    assert CLASSES_BY_GROUP["cat"] == ("tabby", "Persian cat", "Siamese cat", "Egyptian cat")
    assert CLASSES_BY_GROUP["train"] == (
        "bullet train",
        "electric locomotive",
        "freight car",
        "steam locomotive",
    )
    assert [len(CLASSES_BY_GROUP[name]) for name in ("dog", "wild dog", "bird", "vehicle")] == [
        119,
        11,
        59,
        49,
    ]


def test_digits_are_not_mirrored_and_photographs_are():
    assert {name for name, card in KNOWN.items() if not card.is_mirrorable} == {"svhn"}

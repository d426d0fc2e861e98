import pytest

from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.data.known import KNOWN
from modelfoundry.errors import UnknownNameError
from modelfoundry.zoo.published import find_published, list_published


def test_cifar_weights_name_their_file_hash_and_normalisation():
    weights = find_published("vgg16-bn-cifar10")

    assert weights.url == (
        "https://github.com/chenyaofo/pytorch-cifar-models/releases/download/vgg/"
        "cifar10_vgg16_bn-6ee7ea24.pt"
    )
    assert (weights.file_name, weights.sha256_start) == ("cifar10_vgg16_bn-6ee7ea24.pt", "6ee7ea24")
    assert weights.std == (0.2023, 0.1994, 0.2010)


def test_residual_weights_with_convolutions_as_shortcuts_are_told_from_those_without():
    assert find_published("resnet20-b-cifar10").architecture == "resnet20-b"
    assert find_published("resnet20-cifar10").architecture == "resnet20"


def test_a_librarys_network_stands_for_its_default_weights():
    assert find_published("torchvision/resnet50").name == "torchvision/resnet50.IMAGENET1K_V2"
    assert find_published("timm/mixer_b16_224").name == ("timm/mixer_b16_224.goog_in21k_ft_in1k")


def test_a_file_that_is_called_as_all_others_gets_the_name_of_its_weights():
    weights = find_published("timm/mixer_b16_224")

    assert weights.url.endswith("/model.safetensors")
    assert weights.file_name == "mixer_b16_224.goog_in21k_ft_in1k.safetensors"
    assert weights.sha256_start == ""


def test_googlenet_gets_halves_as_torchvision_feeds_it():
    assert find_published("torchvision/googlenet").mean == (0.5, 0.5, 0.5)


def test_every_published_weights_are_of_a_known_network_and_data_set():
    published = list_published().values()

    assert {weights.dataset for weights in published} <= set(KNOWN)
    assert [find_architecture(weights.architecture).name for weights in published] == [
        weights.architecture for weights in published
    ]


def test_models_made_of_different_weights_have_different_names():
    names = {weights.model_name for weights in list_published().values()}

    assert len(names) == len({weights.name for weights in list_published().values()})


def test_unknown_weights_are_answered_with_the_most_alike():
    with pytest.raises(UnknownNameError, match=r"nearest .* vgg16-bn-cifar10"):
        find_published("vgg16-bn-cifar")

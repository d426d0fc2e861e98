import torch

from modelfoundry.zoo.vgg import vgg11_bn, vgg16_bn


def test_vgg16_has_the_published_15_million_parameters():
    with torch.device("meta"):
        network = vgg16_bn(10)
    weights = sum(p.numel() for name, p in network.named_parameters() if p.dim() > 1)
    # SeaM gives 15.25 M with 10 classes; 14,710,464 in convolutions, 529,408 in linear layers.
    assert weights == 14_710_464 + 512 * 512 * 2 + 512 * 10
    assert round(sum(p.numel() for p in network.parameters()) / 1e6, 2) == 15.25


def test_vgg_leaves_one_pixel_and_gives_one_logit_per_class():
    assert vgg11_bn(4).eval()(torch.zeros(2, 3, 32, 32)).shape == (2, 4)

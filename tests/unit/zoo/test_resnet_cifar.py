import pytest
import torch

from modelfoundry.zoo.resnet_cifar import PaddedShortcut, resnet20, resnet20_b, resnet56


@pytest.mark.parametrize(
    ("build", "expected"),
    # Published sizes: 0.27 M for depth 20, 0.85 M for depth 56; B adds 16*32 + 32*64 weights
    # and two batch norms of 2*32 and 2*64: 2,752.
    [(resnet20, 269_722), (resnet56, 853_018), (resnet20_b, 269_722 + 2_752)],
    ids=["resnet20", "resnet56", "resnet20-b"],
)
def test_number_of_parameters_is_the_published_one(build, expected):
    assert sum(parameter.numel() for parameter in build(10).parameters()) == expected


def test_padded_shortcut_skips_pixels_and_puts_zeros_around_the_channels():
    images = torch.arange(2 * 4 * 4, dtype=torch.float32).reshape(1, 2, 4, 4)
    output = PaddedShortcut(2, 4)(images)
    assert output[0, 0].tolist() == output[0, 3].tolist() == [[0, 0], [0, 0]]
    assert output[0, 1].tolist() == [[0, 2], [8, 10]]
    assert output[0, 2].tolist() == [[16, 18], [24, 26]]


def test_logits_are_one_per_class():
    assert resnet20(7).eval()(torch.zeros(2, 3, 32, 32)).shape == (2, 7)

import pytest
import torch
from torch import nn

from modelfoundry.nn.small_images import has_few_pixels, weight_gradient


@pytest.mark.parametrize(
    "convolution",
    [
        nn.Conv2d(3, 5, 3, padding=1),
        nn.Conv2d(3, 5, 3),
        nn.Conv2d(3, 5, 3, stride=2, padding=1),
        nn.Conv2d(3, 5, (1, 3), stride=(2, 1), padding=(0, 2)),
        nn.Conv2d(3, 5, 1),
    ],
    ids=["usual", "unpadded", "strided", "not square", "one pixel"],
)
def test_the_gradient_is_that_of_the_convolution(convolution):
    convolution.double()
    images = torch.randn(4, 3, 3, 4, dtype=torch.float64)
    output = convolution(images)
    incoming = torch.randn_like(output)
    output.backward(incoming)

    gradient = weight_gradient(
        incoming,
        images,
        list(convolution.kernel_size),
        stride=list(convolution.stride),
        padding=list(convolution.padding),
    )

    torch.testing.assert_close(gradient, convolution.weight.grad)


def test_hand_worked_gradient():
    images = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    incoming = torch.tensor([[[[10.0]]]])

    gradient = weight_gradient(incoming, images, [2, 2], stride=[1, 1], padding=[0, 0])

    assert gradient.tolist() == [[[[10.0, 20.0], [30.0, 40.0]]]]


def test_few_pixels_are_counted_over_both_sides():
    assert has_few_pixels(torch.empty(1, 1, 3, 3))
    assert not has_few_pixels(torch.empty(1, 1, 2, 5))

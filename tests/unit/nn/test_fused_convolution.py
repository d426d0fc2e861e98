import pytest
import torch
from torch import Tensor, nn

from modelfoundry.nn.fused_convolution import FusedConvolution, can_pass_input


def whole_numbers(*shape: int, seed: int) -> Tensor:
    """Small enough for every sum of a few dozen products to be exact in bfloat16."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(-1, 2, shape, generator=generator).float()


def with_whole_weights(convolution: nn.Conv2d) -> nn.Conv2d:
    convolution.weight.data = whole_numbers(*convolution.weight.shape, seed=0)
    if convolution.bias is not None:
        convolution.bias.data = whole_numbers(*convolution.bias.shape, seed=1)
    return convolution


convolutions = pytest.mark.parametrize(
    "convolution",
    [
        nn.Conv2d(4, 4, 3, padding=1),
        nn.Conv2d(4, 4, 3, padding=1, bias=False),
        nn.Conv2d(4, 4, 3, padding=2, dilation=2),
        nn.Conv2d(4, 4, (1, 3), padding=(0, 1)),
        nn.Conv2d(4, 4, 3, stride=2, padding=1),
        nn.Conv2d(4, 4, 3, stride=2, padding=1, bias=False),
    ],
    ids=["usual", "without bias", "dilated", "not square", "few pixels", "few, without bias"],
)
in_bfloat16 = torch.autocast("cpu", dtype=torch.bfloat16)


@convolutions
@pytest.mark.parametrize("is_rectified", [False, True], ids=["as it is", "rectified"])
@pytest.mark.parametrize("is_added_to", [False, True], ids=["alone", "added to"])
def test_result_and_gradients_are_those_of_the_parts(convolution, is_rectified, is_added_to):
    with_whole_weights(convolution)
    images = whole_numbers(2, 4, 5, 5, seed=2).requires_grad_()
    shape = convolution(images).shape
    added = whole_numbers(*shape, seed=3).requires_grad_() if is_added_to else None
    tensors = [each for each in (images, added, *convolution.parameters()) if each is not None]
    parts = convolution(images) if added is None else convolution(images) + added
    expected = parts.relu() if is_rectified else parts
    incoming = whole_numbers(*expected.shape, seed=4)

    fused = FusedConvolution(convolution, is_rectified=is_rectified, passes_input=False)
    with in_bfloat16:
        output = fused(images, added)

    assert output.dtype is torch.bfloat16
    assert torch.equal(output.float(), expected)
    gradients = torch.autograd.grad(output, tensors, incoming.bfloat16())
    torch.testing.assert_close(
        gradients, torch.autograd.grad(expected, tensors, incoming), rtol=0, atol=0
    )


@pytest.mark.parametrize("padding", [0, 1, 2], ids=["shrinking", "same size", "growing"])
def test_the_gradient_of_others_who_read_the_input_is_added(padding):
    convolution = with_whole_weights(nn.Conv2d(4, 3, 3, padding=padding))
    images = whole_numbers(2, 4, 5, 5, seed=2).bfloat16().requires_grad_()
    plain = images.detach().float().requires_grad_()
    expected = convolution(plain).relu().sum() + (3 * plain).sum()

    fused = FusedConvolution(convolution, is_rectified=True, passes_input=True)
    with in_bfloat16:
        output, passed = fused(images)
    (gradient,) = torch.autograd.grad(output.sum() + (3 * passed).sum(), images)

    (expected_gradient,) = torch.autograd.grad(expected, plain)
    assert torch.equal(gradient.float(), expected_gradient)


def test_an_output_that_nothing_reads_leaves_the_gradient_of_others():
    images = torch.ones(1, 2, 4, 4, dtype=torch.bfloat16, requires_grad=True)
    fused = FusedConvolution(nn.Conv2d(2, 2, 3), is_rectified=True, passes_input=True)

    with in_bfloat16:
        _, passed = fused(images)
    (gradient,) = torch.autograd.grad((3 * passed).sum(), images)

    assert gradient.unique().tolist() == [3.0]


def test_what_is_added_may_be_one_number_a_channel():
    convolution = with_whole_weights(nn.Conv2d(4, 2, 3))
    images, added = whole_numbers(2, 4, 5, 5, seed=2), torch.tensor([2.0, -1.0]).view(2, 1, 1)

    fused = FusedConvolution(convolution, is_rectified=False, passes_input=False)
    with in_bfloat16:
        output = fused(images, added)

    assert torch.equal(output.float(), convolution(images) + added)


def test_without_autocast_it_stays_in_the_precision_of_its_input():
    convolution = nn.Conv2d(4, 2, 3)
    images, added = torch.randn(2, 4, 5, 5), torch.randn(2, 2, 3, 3)

    output = FusedConvolution(convolution, is_rectified=True, passes_input=False)(images, added)

    assert torch.equal(output, (convolution(images) + added).relu())


@pytest.mark.skipif(
    not torch.ops.mkldnn._is_mkldnn_bf16_supported(), reason="needs AVX-512 or the like"
)
def test_in_bfloat16_on_a_processor_convolution_sum_and_relu_are_one():
    images = torch.randn(2, 4, 5, 5)
    fused = FusedConvolution(nn.Conv2d(4, 4, 1), is_rectified=True, passes_input=False)

    with in_bfloat16:
        output = fused(images, images)

    assert output.grad_fn.name() == "_FusedBackward"


@pytest.mark.parametrize(
    ("convolution", "can"),
    [
        (nn.Conv2d(2, 2, 3, padding=2), True),
        (nn.Conv2d(2, 2, 3, padding=3), False),  # the gradient would need padding of -1
        (nn.Conv2d(2, 2, 3, padding=3, dilation=2), True),
        (nn.Conv2d(2, 2, 3, stride=(1, 2)), False),
    ],
    ids=["usual", "too much padding", "dilated", "strided"],
)
def test_only_a_convolution_that_can_be_turned_around_passes_its_input(convolution, can):
    assert can_pass_input(convolution) is can

import torch

from modelfoundry.nn.kernel_gates import charged, gate_kernels, repeat_for_modules

# Two modules, one image of two channels and two pixels each: (N * B, C, pixels).
VALUES = torch.tensor([[[1.0, -2.0], [3.0, 4.0]], [[5.0, 6.0], [-7.0, 8.0]]])
LOGITS = torch.tensor([[0.5, -0.5], [0.0, 2.0]])


def test_a_kernel_is_open_while_its_logit_is_positive():
    gated = gate_kernels(VALUES, LOGITS, rectifies=False, is_shared=False)

    assert gated.tolist() == [[[1.0, -2.0], [0.0, 0.0]], [[0.0, 0.0], [-7.0, 8.0]]]


def test_rectifying_gates_apply_relu_first():
    gated = gate_kernels(VALUES, LOGITS, rectifies=True, is_shared=False)

    assert gated.tolist() == [[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 8.0]]]


def test_shared_values_are_gated_for_each_module():
    gated = gate_kernels(VALUES[:1], LOGITS, rectifies=False, is_shared=True)

    assert gated.tolist() == [[[1.0, -2.0], [0.0, 0.0]], [[0.0, 0.0], [3.0, 4.0]]]


def test_the_gradient_of_a_gate_is_the_sum_of_gradient_times_value_even_where_it_is_closed():
    logits = LOGITS.clone().requires_grad_()

    gated = gate_kernels(VALUES, logits, rectifies=False, is_shared=False)
    (0.1 * gated).sum().backward()

    # A tenth of 1 - 2, 3 + 4; 5 + 6 is clipped from 1.1; -7 + 8.
    expected = torch.tensor([[-0.1, 0.7], [1.0, 0.1]])
    torch.testing.assert_close(logits.grad, expected)


def test_a_gradient_is_clipped_when_it_is_complete_and_not_image_by_image():
    logits = torch.ones(1, 1, requires_grad=True)
    values = torch.tensor([[[3.0]], [[-2.5]]])  # of two images

    gate_kernels(values, logits, rectifies=False, is_shared=False).sum().backward()

    assert logits.grad is not None
    assert logits.grad.tolist() == [[0.5]]


def test_values_get_gradients_where_they_are_positive_and_the_kernel_is_open():
    values = VALUES.clone().requires_grad_()

    gate_kernels(values, LOGITS, rectifies=True, is_shared=False).sum().backward()

    assert values.grad is not None
    assert values.grad.tolist() == [[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 1.0]]]


def test_images_keep_their_layout_in_memory():
    values = torch.rand(4, 3, 2, 2).to(memory_format=torch.channels_last)

    gated = gate_kernels(values, torch.ones(2, 3), rectifies=True, is_shared=False)

    assert gated.is_contiguous(memory_format=torch.channels_last)


def test_a_charge_is_added_to_the_gradient():
    logits = torch.zeros(2, 2, requires_grad=True)

    charged(logits, torch.tensor([0.25, 0.5])).sum().backward()

    assert logits.grad is not None
    assert logits.grad.tolist() == [[1.25, 1.5], [1.25, 1.5]]


def test_values_are_repeated_module_after_module():
    repeated = repeat_for_modules(torch.tensor([[1.0], [2.0]]), LOGITS)

    assert repeated.tolist() == [[1.0], [2.0], [1.0], [2.0]]

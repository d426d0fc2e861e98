import torch

from modelfoundry.nn.gates import gate_weights

FREE = torch.tensor(0.0)


def test_weights_with_positive_logits_are_kept_and_the_others_are_zero():
    logits = torch.tensor([0.1, 0.0, -2.0])

    gated = gate_weights(logits, torch.tensor([3.0, 5.0, 7.0]), charge=FREE)

    assert gated.tolist() == [3.0, 0.0, 0.0]


def test_gradient_of_a_gate_is_weight_times_incoming_gradient_clipped_to_one():
    logits = torch.tensor([0.3, -0.3, 0.3], requires_grad=True)
    weights = torch.tensor([2.0, 4.0, -3.0])

    (gate_weights(logits, weights, charge=FREE) * torch.tensor([0.25, 0.125, 5.0])).sum().backward()

    # 0.25 * 2 and 0.125 * 4 pass as they are, the closed gate too; 5 * -3 is clipped.
    assert logits.grad is not None
    assert logits.grad.tolist() == [0.5, 0.5, -1.0]


def test_charge_is_added_after_the_clip():
    logits = torch.tensor([1.0, 1.0], requires_grad=True)

    gate_weights(logits, torch.tensor([9.0, 0.5]), charge=torch.tensor(0.125)).sum().backward()

    # 9 is clipped to 1, then 0.125 is added; 0.5 + 0.125.
    assert logits.grad is not None
    assert logits.grad.tolist() == [1.125, 0.625]


def test_charge_equals_a_retention_term_in_the_loss():
    weights = torch.tensor([0.5, -0.25, 0.75, 0.125])
    by_charge = torch.tensor([0.5, -0.5, 0.5, 0.5], requires_grad=True)
    by_term = by_charge.detach().clone().requires_grad_()

    gate_weights(by_charge, weights, charge=torch.tensor(2.0 / 4)).sum().backward()
    retention = gate_weights(by_term, torch.ones(4), charge=FREE).mean()
    (gate_weights(by_term, weights, charge=FREE).sum() + 2.0 * retention).backward()

    assert by_charge.grad is not None
    assert by_term.grad is not None
    assert by_charge.grad.tolist() == by_term.grad.tolist()


def test_weights_receive_no_gradient():
    weights = torch.ones(2, requires_grad=True)

    gate_weights(torch.ones(2, requires_grad=True), weights, charge=FREE).sum().backward()

    assert weights.grad is None

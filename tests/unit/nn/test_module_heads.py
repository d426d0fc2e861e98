import torch
from torch import nn

from modelfoundry.nn.module_heads import ModuleHeads


def hand_made() -> ModuleHeads:
    """Two heads for two classes; each has one hidden unit that says anything."""
    heads = ModuleHeads(2, 2)
    for parameter in heads.parameters():
        nn.init.zeros_(parameter)
    with torch.no_grad():
        heads.weight_1[:, 0, 0] = torch.tensor([1.0, 2.0])
        heads.weight_2[:, 0, 0] = torch.tensor([3.0, -1.0])
        heads.bias_2[:, 0, 0] = torch.tensor([0.5, 0.0])
    return heads


def test_every_module_has_a_head_of_its_own():
    logits = torch.tensor([[[2.0, 9.0]], [[4.0, 9.0]]])  # (N, B, C)

    # 3 * 2 + 0.5 and -1 * 2 * 4.
    assert hand_made()(logits).tolist() == [[6.5, -8.0]]


def test_negative_logits_count_as_zero():
    assert hand_made()(torch.full((2, 1, 2), -5.0)).tolist() == [[0.5, 0.0]]


def test_an_extracted_head_says_the_same_and_zero_beside_it():
    torch.manual_seed(0)
    heads, logits = ModuleHeads(3, 4), torch.randn(3, 5, 4)

    alone = heads.extract(1)(logits[1])

    torch.testing.assert_close(alone[:, 0], heads(logits)[:, 1])
    assert alone[:, 1].tolist() == [0.0] * 5


def test_heads_have_the_published_size():
    # 10 classes x 10 units + 10, and 10 + 1: 121 for each module.
    assert sum(each.numel() for each in ModuleHeads(4, 10).parameters()) == 4 * 121


def test_heads_are_computed_in_full_precision():
    heads, logits = ModuleHeads(2, 3), torch.randn(2, 4, 3)

    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs = heads(logits)

    assert outputs.dtype is torch.float32
    torch.testing.assert_close(outputs, heads(logits))

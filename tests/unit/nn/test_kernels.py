import torch
from torch import nn

from modelfoundry.nn.kernels import count_kernels


def test_a_kernel_is_left_while_one_of_its_weights_is():
    # 2 kernels of 2 weights (numbers 0-1 and 2-3) and a bias each (4, 5), then 3 of a linear layer.
    network = nn.Sequential(nn.Conv2d(2, 2, 1), nn.Flatten(), nn.Linear(2, 1))
    is_kept = torch.tensor([0, 0, 0, 1, 1, 1, 1, 1, 1], dtype=torch.bool)

    assert count_kernels(network, is_kept) == (1, 2)


def test_a_network_without_convolutions_has_no_kernels():
    assert count_kernels(nn.Linear(2, 1), torch.ones(3, dtype=torch.bool)) == (0, 0)

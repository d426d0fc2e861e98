import torch

from modelfoundry.zoo.incecnn import InceCnn


def test_incecnn_has_the_published_number_of_parameters():
    with torch.device("meta"):
        network = InceCnn(10)
    count_by_name = {name: p.numel() for name, p in network.named_parameters()}
    assert sum(count_by_name.values()) == 12_637_898
    assert sum(n for name, n in count_by_name.items() if name.startswith("conv_")) == 12_627_008


def test_the_branches_of_a_block_are_joined_in_order_of_their_kernels():
    network = InceCnn(4, width=0.1).eval()
    # The block before gives 51 + 51 + 6 channels.
    assert network.get_parameter("conv_9.0.weight").shape == (51, 108, 1, 1)
    assert network.get_parameter("conv_10.0.weight").shape == (51, 108, 3, 3)
    assert network.get_parameter("conv_11.0.weight").shape == (6, 108, 5, 5)
    assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 4)

import torch

from modelfoundry.zoo.simcnn import SimCnn


def test_simcnn_has_the_published_number_of_parameters():
    with torch.device("meta"):
        network = SimCnn(10)
    count_by_name = {name: p.numel() for name, p in network.named_parameters()}
    assert sum(count_by_name.values()) == 33_646_666
    assert sum(n for name, n in count_by_name.items() if name.startswith("conv_")) == 14_723_136


def test_half_the_width_is_half_the_channels_and_hidden_units():
    with torch.device("meta"):
        network = SimCnn(10, width=0.5)
    assert network.get_parameter("conv_1.0.weight").shape == (32, 32, 3, 3)
    assert network.get_parameter("fc_13.weight").shape == (2048, 256)


def test_simcnn_leaves_one_pixel_and_gives_one_logit_per_class():
    assert SimCnn(4, width=0.05).eval()(torch.zeros(2, 3, 32, 32)).shape == (2, 4)

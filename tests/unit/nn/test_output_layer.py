import pytest
import torch
from tests.unit.algorithms.seam.tiny import TinyNetwork
from torch import nn

from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.output_layer import take_output_layer_off

IMAGES = torch.linspace(0, 1, 2 * 3 * 8 * 8).view(2, 3, 8, 8)


def test_the_output_layer_put_on_again_gives_the_whole_network():
    whole = TinyNetwork().eval()

    trunk = take_output_layer_off(whole, IMAGES)

    assert (trunk.output_layer, trunk.num_features) == ("6", 8)
    assert torch.equal(whole[6](trunk.network(IMAGES)), whole(IMAGES))


def test_the_network_itself_keeps_its_output_layer():
    whole = TinyNetwork().eval()

    take_output_layer_off(whole, IMAGES)

    assert isinstance(whole[6], nn.Linear)


def test_a_network_whose_outputs_are_computed_from_a_linear_layer_is_refused():
    ends_otherwise = nn.Sequential(TinyNetwork(), nn.Softmax(dim=1)).eval()

    with pytest.raises(InvalidInputError, match=r"its last linear layers: 0\.6\)"):
        take_output_layer_off(ends_otherwise, IMAGES)

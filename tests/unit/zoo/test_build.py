import torch

from modelfoundry.catalog.architectures import find_architecture
from modelfoundry.zoo.build import build_network, network_without_weights


def test_network_of_a_library_has_as_many_outputs_as_asked_for():
    network = build_network(find_architecture("torchvision/squeezenet1_1"), 3).eval()

    with torch.inference_mode():
        assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 3)


def test_a_constructor_that_calculates_is_no_obstacle_to_building_without_weights():
    before = torch.random.get_rng_state()

    network = network_without_weights(find_architecture("torchvision/regnet_x_400mf"), 3)

    assert {parameter.device.type for parameter in network.parameters()} == {"meta"}
    assert torch.equal(torch.random.get_rng_state(), before)

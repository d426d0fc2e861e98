import torch

from modelfoundry.zoo.rescnn import ResCnn


def test_rescnn_has_the_published_number_of_parameters():
    with torch.device("meta"):
        network = ResCnn(10)
    count_by_name = {name: p.numel() for name, p in network.named_parameters()}
    assert sum(count_by_name.values()) == 16_018_698
    assert sum(n for name, n in count_by_name.items() if name.startswith("conv_")) == 16_013_568


def test_a_silenced_layer_hands_on_what_its_shortcut_brings():
    network = ResCnn(4, width=0.05).eval()
    torch.nn.init.zeros_(network.get_parameter("conv_11.1.weight"))
    torch.nn.init.zeros_(network.get_parameter("conv_11.1.bias"))
    seen: dict[str, torch.Tensor] = {}
    network.get_submodule("conv_9").register_forward_hook(lambda *a: seen.update(begin=a[2]))
    network.flatten.register_forward_hook(lambda *a: seen.update(end=a[1][0]))

    network(torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0)))

    assert seen["begin"].abs().sum() > 0
    assert torch.equal(seen["end"], torch.nn.functional.max_pool2d(seen["begin"], 2))

"""What a network computes whatever the image."""

import pytest
import torch
from tests.unit.nn.functional_network import FunctionalNetwork
from torch import Tensor, nn
from torch.nn import functional

from modelfoundry.nn.constants import Constants, find_constants
from modelfoundry.nn.flat_graph import FlatGraph
from modelfoundry.nn.label_rules import ENTRYWISE

IMAGES = torch.rand(2, 1, 4, 4, generator=torch.Generator().manual_seed(0))
UNKNOWN = torch.full((1, 3, 5, 5), torch.nan)


def found(network: nn.Module) -> Constants:
    return find_constants(FlatGraph.of(network.eval(), IMAGES), IMAGES[:1])


def constants_of_last(network: nn.Module) -> list[float]:
    return found(network).readings[-1].constants.tolist()


def with_zero_filter(*between: nn.Module, padding: int = 0) -> nn.Sequential:
    """Two channels, of which the first is its bias 0.5, then other layers and a reader."""
    first = nn.Conv2d(1, 2, 3, padding=padding)
    nn.init.zeros_(first.weight[0])
    nn.init.constant_(first.bias, 0.5)  # type: ignore[arg-type]
    return nn.Sequential(first, *between, nn.Conv2d(2, 1, 1))


def test_a_zero_filter_gives_its_bias_and_others_give_nothing_certain():
    assert constants_of_last(with_zero_filter()) == pytest.approx([0.5, torch.nan], nan_ok=True)


def test_a_number_is_followed_through_norm_and_activation():
    norm = nn.BatchNorm2d(2, eps=0.0)
    norm.running_mean = torch.tensor([2.5, 0.0])
    norm.running_var = torch.tensor([4.0, 1.0])

    constants = constants_of_last(with_zero_filter(norm, nn.LeakyReLU(0.25)))

    # (0.5 - 2.5) / 2 = -1, a quarter of which passes.
    assert constants == pytest.approx([-0.25, torch.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("pooling", "constant"),
    [
        (nn.MaxPool2d(2), 0.5),
        (nn.AvgPool2d(2), 0.5),
        (nn.AdaptiveAvgPool2d(1), 0.5),
        (nn.MaxPool2d(2, padding=1), 0.5),  # pads with minus infinity
        (nn.AvgPool2d(2, stride=1, padding=1), torch.nan),  # 0.125 in the corners
        (nn.ZeroPad2d(1), torch.nan),
    ],
    ids=str,
)
def test_a_number_that_borders_change_is_none(pooling: nn.Module, constant: float):
    constants = constants_of_last(with_zero_filter(pooling))

    assert constants[0] == pytest.approx(constant, nan_ok=True)


def test_a_weight_of_zero_reads_nothing_and_a_product_with_zero_is_zero():
    network = FunctionalNetwork(
        lambda net, images: net.last(
            net.picky(torch.cat([images, images * torch.zeros(1), images * torch.zeros(1) + 2], 1))
        ),
        picky=nn.Conv2d(3, 1, 1, bias=False),
        last=nn.Conv2d(1, 1, 1),
    )
    network.get_parameter("picky.weight").data = torch.tensor([0.0, 7.0, 3.0]).view(1, 3, 1, 1)

    assert constants_of_last(network) == [6.0]


def test_padding_is_told_apart_from_none():
    network = nn.Sequential(
        nn.Conv2d(1, 1, 3),
        nn.Conv2d(1, 1, 3, padding=1),
        nn.Conv2d(1, 1, 3, padding="same"),
        nn.Conv2d(1, 1, 1, padding="valid"),
        nn.Flatten(),
        nn.Linear(4, 1),
    )

    assert [reading.is_padded for reading in found(network).readings] == [
        *(False, True, True, False, False)
    ]


CALLS = {name: getattr(functional, name, None) or getattr(torch, name, None) for name in ENTRYWISE}
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "clamp": (0.0, 1.0),
    "clamp_min": (0.0,),
    "clamp_max": (0.0,),
    "alpha_dropout": (0.5, False),
    "dropout": (0.5, False),
    "feature_dropout": (0.5, False),
}


@pytest.mark.parametrize("name", sorted(name for name, call in CALLS.items() if call))
def test_operators_that_keep_channels_never_make_a_number_of_what_is_unknown(name: str):
    call = CALLS[name]

    assert call is not None
    assert call(UNKNOWN, *ARGUMENTS.get(name, ())).isnan().all()


@pytest.mark.parametrize(
    "call",
    [
        lambda unknown: functional.max_pool2d(unknown, 2),
        lambda unknown: unknown.amax(1),
        lambda unknown: unknown.softmax(1),
        lambda unknown: torch.maximum(unknown, torch.ones(5)),
        lambda unknown: torch.minimum(unknown, torch.zeros(5)),
        lambda unknown: functional.prelu(unknown, torch.zeros(1)),
    ],
    ids=["max_pool2d", "amax", "softmax", "maximum", "minimum", "prelu"],
)
def test_neither_do_operators_that_compare(call: object):
    assert callable(call)
    result = call(UNKNOWN)

    assert isinstance(result, Tensor)
    assert result.isnan().all()

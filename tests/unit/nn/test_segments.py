import pytest
import torch
from tests.unit.nn.networks import Residual
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.segments import (
    UnmaskableLayer,
    describe_unmaskable,
    kept_by_layer,
    maskable_segments,
    unmaskable_layers,
)

# Residual: stem 4*3*9, inner 4*4*9 + 4, last 5*4 + 5.
RESIDUAL_LENGTH = 108 + 148 + 25


def test_every_weight_and_bias_of_convolution_and_linear_layers_has_a_gate():
    segments = maskable_segments(Residual())

    names = [segment.name for segment in segments]
    assert names == ["stem.weight", "inner.weight", "inner.bias", "last.weight", "last.bias"]
    assert segments[-1].stop == RESIDUAL_LENGTH


def test_a_network_without_such_layers_is_refused_by_name():
    with pytest.raises(InvalidInputError, match="BatchNorm2d has no convolution or linear layer"):
        maskable_segments(nn.BatchNorm2d(3))


def test_kept_weights_are_counted_by_layer_with_their_biases():
    segments = maskable_segments(Residual())
    is_kept = torch.zeros(RESIDUAL_LENGTH, dtype=torch.bool)
    is_kept[:10] = True
    is_kept[-1] = True

    assert kept_by_layer(segments, is_kept) == {
        "stem": (10, 108),
        "inner": (0, 148),
        "last": (1, 25),
    }


def test_the_packed_projections_of_attention_count_as_a_linear_layer():
    segments = maskable_segments(nn.MultiheadAttention(4, 2))

    assert [(segment.name, tuple(segment.shape)) for segment in segments] == [
        ("in_proj_weight", (12, 4)),
        ("in_proj_bias", (12,)),
        ("out_proj.weight", (4, 4)),
        ("out_proj.bias", (4,)),
    ]
    assert [segment.layer for segment in segments] == ["", "", "out_proj", "out_proj"]


def test_separate_projections_of_attention_are_listed_each():
    segments = maskable_segments(nn.MultiheadAttention(4, 2, kdim=3, bias=False))

    assert [segment.name for segment in segments] == [
        "q_proj_weight",
        "k_proj_weight",
        "v_proj_weight",
        "out_proj.weight",
    ]


def test_a_parameter_that_two_layers_share_is_listed_once():
    first, second = nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False)
    second.weight = first.weight

    (segment,) = maskable_segments(nn.Sequential(first, second))

    assert (segment.name, segment.stop) == ("0.weight", 9)


class Positions(nn.Module):
    """Adds what it has learnt for each of two positions, and scales each of three channels."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.zeros(1, 2, 3))
        self.scale = nn.Parameter(torch.ones(1, 1, 3))

    def forward(self, tokens: Tensor) -> Tensor:
        return (tokens + self.table) * self.scale


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (nn.ConvTranspose2d(1, 1, 2), "is a transposed convolution"),
        (nn.Embedding(2, 2), "looks its weights up instead of multiplying by them"),
        (nn.LSTM(2, 2), "is recurrent"),
        (Positions(), "uses table by a rule of its own"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_a_layer_that_cannot_be_masked_is_named_with_the_reason(layer, reason):
    network = nn.Sequential(nn.Linear(2, 2), layer)

    assert unmaskable_layers(network) == [UnmaskableLayer("1", type(layer).__name__, reason)]
    assert [segment.name for segment in maskable_segments(network)] == ["0.weight", "0.bias"]


def test_a_layer_whose_weights_are_computed_keeps_them_all():
    network = nn.Sequential(nn.Linear(2, 2), weight_norm(nn.Linear(2, 2)))

    (layer,) = unmaskable_layers(network)

    assert layer.name == "1"
    assert "a dropped one would come back" in layer.reason
    assert [segment.name for segment in maskable_segments(network)] == ["0.weight", "0.bias"]


def test_norms_are_no_unmaskable_layers():
    assert unmaskable_layers(nn.Sequential(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1))) == []


def test_what_stays_whole_is_told_in_one_sentence():
    layers = [UnmaskableLayer(f"layer{n}", "LSTM", "is recurrent") for n in range(7)]

    told = describe_unmaskable(layers)

    assert told.startswith(
        "Weights of 7 layers cannot be masked and all stay: layer0 (LSTM) is recurrent; layer1"
    )
    assert told.endswith("layer4 (LSTM) is recurrent; and 2 more")

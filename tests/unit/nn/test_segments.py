import pytest
import torch
from tests.unit.nn.networks import Residual
from torch import nn

from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.segments import kept_by_layer, maskable_segments

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

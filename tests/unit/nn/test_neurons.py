"""How active neurons are."""

import pytest
import torch
from torch import Tensor, nn

from modelfoundry.errors import InvalidInputError
from modelfoundry.nn.neurons import WatchedNetwork


def same(weights: list[list[float]]) -> nn.Linear:
    layer = nn.Linear(len(weights[0]), len(weights), bias=False)
    layer.weight.data = torch.tensor(weights, dtype=torch.float32)
    return layer


def rounded(activity: Tensor) -> list[list[float]]:
    values: list[list[float]] = (activity * 1000).round().div(1000).tolist()
    return values


def test_neurons_are_what_layers_behind_the_first_read_scaled_by_layer():
    # The image (1, 2) becomes (1, 2, 5), then ReLU, then one logit.
    network = nn.Sequential(
        nn.Flatten(), same([[1, 0], [0, 1], [1, 2]]), nn.ReLU(), same([[1, 1, 1]])
    )

    logits, activity = WatchedNetwork(network)(torch.tensor([[[[1.0, 2.0]]]]))

    assert logits.tolist() == [[8]]
    assert rounded(activity) == [[0, 0.25, 1]]  # (1, 2, 5) less 1, of 4


def test_a_channel_is_the_mean_over_its_positions():
    network = nn.Sequential(nn.Conv2d(1, 2, 1, bias=False), nn.Conv2d(2, 1, 1), nn.Flatten())
    network[0].weight.data = torch.tensor([1.0, -1.0]).view(2, 1, 1, 1)

    _, activity = WatchedNetwork(network)(torch.tensor([[[[0.0, 2.0]]]]))

    assert rounded(activity) == [[1, 0]]  # means 1 and -1


def test_layers_that_take_parts_of_an_image_for_images_have_no_neurons():
    windows = nn.Sequential(nn.Unflatten(1, (2, 1)), nn.Flatten(0, 1), same([[1]]))
    joined = nn.Sequential(nn.Unflatten(0, (-1, 2)), nn.Flatten(), same([[1, 1]]))
    network = nn.Sequential(nn.Flatten(), same([[1, 0], [0, 1]]), windows, joined)

    _, activity = WatchedNetwork(network)(torch.tensor([[[[1.0, 2.0]]], [[[9.0, 3.0]]]]))

    assert rounded(activity) == [[0, 1], [1, 0]]  # of the last layer alone


def test_each_image_has_a_scale_of_its_own():
    network = nn.Sequential(nn.Flatten(), same([[1, 0], [0, 1]]), same([[1, 1]]))

    _, activity = WatchedNetwork(network)(torch.tensor([[[[1.0, 2.0]]], [[[90.0, 3.0]]]]))

    assert rounded(activity) == [[0, 1], [1, 0]]


def test_what_was_seen_before_does_not_count_again():
    watched = WatchedNetwork(nn.Sequential(nn.Flatten(), same([[1, 0], [0, 1]]), same([[1, 1]])))
    image = torch.tensor([[[[1.0, 2.0]]]])

    first, second = watched(image)[1], watched(image)[1]

    assert first.tolist() == second.tolist()


def test_a_single_layer_has_no_neurons_behind_it():
    with pytest.raises(InvalidInputError, match="no layers behind its first one"):
        WatchedNetwork(nn.Sequential(nn.Flatten(), same([[1, 1]])))(torch.ones(1, 1, 1, 2))

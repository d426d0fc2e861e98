"""The part of a network before its classifier."""

import pytest
import torch
from torch import Tensor, nn

from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.nn.features import FeaturePart, feature_layer, split_normalization
from modelfoundry.nn.normalize import Normalize
from modelfoundry.zoo.small_cnn import SmallCnn

IMAGES = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))


class LastLayerFirst(nn.Module):
    """Declares its classifier before the layer that runs before it."""

    def __init__(self) -> None:
        super().__init__()
        self.classifier = nn.Linear(5, 2)
        self.hidden = nn.Linear(192, 5)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.hidden(images.flatten(1)))
        return logits


def test_features_enter_the_linear_layer_that_runs_last_wherever_it_is_declared():
    assert feature_layer(LastLayerFirst(), IMAGES) == "classifier"


def test_the_part_before_a_classifier_gives_what_the_classifier_turns_into_logits():
    network = SmallCnn(4).eval()

    features = FeaturePart(network, "fc")(IMAGES)

    assert features.shape == (2, 64)
    torch.testing.assert_close(network.fc(features), network(IMAGES), atol=1e-5, rtol=1e-5)


def test_a_layer_can_be_named_that_is_not_the_last():
    part = FeaturePart(LastLayerFirst().eval(), "hidden")

    assert part(IMAGES).equal(IMAGES.flatten(1))


def test_features_that_are_maps_become_one_row_an_image():
    network = SmallCnn(4).eval()

    assert FeaturePart(network, "features.3")(IMAGES).shape == (2, 16 * 8 * 8)


def test_a_layer_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(UnknownNameError, match="no layer named 'head'; known: classifier, hidden"):
        feature_layer(LastLayerFirst(), IMAGES, name="head")


def test_a_network_without_linear_layers_is_answered_with_layers_to_name():
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 1), nn.AdaptiveAvgPool2d(1))

    with pytest.raises(InvalidInputError, match="name one of its layers: 1, 0"):
        feature_layer(network, IMAGES)


def test_normalisation_and_the_rest_do_what_the_whole_does():
    whole = nn.Sequential(Normalize((0.1, 0.2, 0.3), (0.5, 0.4, 0.3)), SmallCnn(4)).eval()

    normalize, rest = split_normalization(whole)

    assert rest(normalize(IMAGES)).equal(whole(IMAGES))
    assert isinstance(whole[0], Normalize)


def test_a_network_without_normalisation_takes_images_as_they_are():
    normalize, _ = split_normalization(SmallCnn(4))

    assert normalize(IMAGES).equal(IMAGES)

"""The attack on features."""

import pytest
import torch
from tests.unit.evaluation.attacked import plain_attack, small_network
from torch import Tensor, nn

from modelfoundry.evaluation.attack_settings import AttackSettings
from modelfoundry.evaluation.feature_attack import (
    FeatureAttack,
    choose_dtype,
    feature_gradient,
    sign_agreement,
)
from modelfoundry.nn.features import FeaturePart

CLIP = (-2.2, 2.2)
MIDDLE = torch.full((1, 1, 1, 2), 0.5)  # begins at the clean image


def two_features(first: float, second: float) -> FeaturePart:
    """Make two features of two pixels: each pixel times a number."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(2, 2, bias=False), nn.Linear(2, 2))
    network[1].weight.data = torch.tensor([[first, 0.0], [0.0, second]])
    return FeaturePart(network, "2")


def attacked(part: FeaturePart, clean: Tensor, **settings: float) -> list[float]:
    attack = FeatureAttack(part, AttackSettings.model_validate(settings), CLIP)
    result: list[float] = attack(clean, MIDDLE).flatten().tolist()
    return result


def test_a_batch_is_attacked_as_by_the_plain_loop():
    network = small_network()[1:]
    random = torch.Generator().manual_seed(1)
    clean = torch.rand(4, 3, 8, 8, generator=random) * 4 - 2
    start = torch.rand(4, 3, 8, 8, generator=random)

    ours = FeatureAttack(FeaturePart(network, "5"), AttackSettings(), CLIP)(clean, start)

    torch.testing.assert_close(ours, plain_attack(network[:5], clean, start), atol=1e-6, rtol=0)


def test_the_first_feature_is_driven_up_and_the_others_to_zero():
    # Three steps of 0.01: pixel 0 makes feature 0 and rises; pixel 1 makes feature 1 and falls.
    clean = torch.tensor([[[[0.0, 0.5]]]])

    assert attacked(two_features(1, 1), clean, steps=3) == pytest.approx([0.03, 0.47])


def test_no_pixel_leaves_the_budget():
    clean = torch.tensor([[[[0.0, 0.5]]]])

    assert attacked(two_features(1, 1), clean) == pytest.approx([0.1, 0.4])


def test_no_pixel_leaves_the_clip_range():
    clean = torch.tensor([[[[2.15, -2.15]]]])

    # Feature 0 falls with pixel 0, so the pixel would rise to 2.25 otherwise.
    assert attacked(two_features(1, -1), clean)[0] == pytest.approx(2.2)


def test_the_start_is_within_the_budget_of_the_clean_image():
    clean = torch.zeros(1, 1, 1, 2)
    attack = FeatureAttack(two_features(0, 0), AttackSettings(), CLIP)

    # Features that do not move leave the image where the attack begins.
    assert attack(clean, torch.tensor([[[[0.0, 1.0]]]])).flatten().tolist() == pytest.approx(
        [-0.1, 0.1]
    )


def test_neither_images_nor_weights_are_changed():
    network, clean = small_network()[1:], torch.zeros(2, 3, 8, 8)
    before = {name: value.clone() for name, value in network.state_dict().items()}

    FeatureAttack(FeaturePart(network, "5"), AttackSettings(), CLIP)(clean, clean)

    assert clean.count_nonzero() == 0
    torch.testing.assert_close(dict(network.state_dict()), before, atol=0, rtol=0)


def test_a_gradient_does_not_depend_on_the_rest_of_its_batch():
    part = FeaturePart(small_network()[1:], "5")
    images = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(2))

    together = feature_gradient(part, images, torch.float32)
    alone = feature_gradient(part, images[1:2], torch.float32)

    torch.testing.assert_close(together[1:2], alone)


def test_most_signs_are_the_same_in_bfloat16():
    part = FeaturePart(small_network()[1:], "5")
    images = torch.rand(8, 3, 8, 8, generator=torch.Generator().manual_seed(3))

    assert sign_agreement(part, images, torch.float32) == 1
    assert 0.9 < sign_agreement(part, images, torch.bfloat16) <= 1


def test_bfloat16_is_used_where_it_is_asked_for_and_its_agreement_is_said():
    part = FeaturePart(small_network()[1:], "5")

    dtype, agreement = choose_dtype(
        part, torch.ones(1, 3, 8, 8), AttackSettings(precision="bfloat16")
    )

    assert dtype is torch.bfloat16
    assert agreement is not None


def test_float32_needs_no_check_of_signs():
    part = FeaturePart(small_network()[1:], "5")

    assert choose_dtype(part, torch.ones(1, 3, 8, 8), AttackSettings(precision="float32")) == (
        torch.float32,
        None,
    )

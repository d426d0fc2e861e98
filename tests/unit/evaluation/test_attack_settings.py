"""The settings of attacks, and what they refuse."""

import pytest
from pydantic import ValidationError

from modelfoundry.errors import InvalidInputError
from modelfoundry.evaluation.attack_settings import AttackSettings, clip_range

CIFAR_MEAN, CIFAR_STD = (0.4914, 0.4822, 0.4465), (0.2471, 0.2435, 0.2616)


def test_defaults_are_the_published_ones():
    settings = AttackSettings()

    assert (settings.steps, settings.step_size, settings.budget) == (40, 0.01, 0.1)
    assert clip_range(settings, CIFAR_MEAN, CIFAR_STD) == (-2.2, 2.2)


def test_clipping_reaches_as_far_as_images_do():
    # White is (1 - 0.2) / 0.25 = 3.2 and black (0 - 0.2) / 0.25 = -0.8.
    assert clip_range(AttackSettings(), (0.2,), (0.25,)) == pytest.approx((-2.2, 3.2))


def test_a_clip_range_that_would_cut_clean_images_is_refused_with_by_how_much():
    settings = AttackSettings(clip=(-2.2, 2.2))

    with pytest.raises(InvalidInputError, match=r"by up to 1, as .* reach from -0\.800 to 3\.200"):
        clip_range(settings, (0.2,), (0.25,))


@pytest.mark.parametrize(
    "wrong",
    [{"budget": 0}, {"budget": -0.1}, {"steps": 0}, {"step_size": 0}, {"images": 0}],
    ids=lambda wrong: "-".join(f"{name}={value}" for name, value in wrong.items()),
)
def test_what_would_attack_nothing_is_refused(wrong: dict[str, float]):
    with pytest.raises(ValidationError, match="greater than"):
        AttackSettings.model_validate(wrong)


def test_an_empty_clip_range_is_refused():
    with pytest.raises(ValidationError, match="from 2 to -2 is empty"):
        AttackSettings(clip=(2, -2))

"""What is checked before a module is attacked."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.homes import add_bundle, add_model

from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.pipelines.robustness_requests import RobustnessRequest
from modelfoundry.services.robustness import check_robustness
from modelfoundry.settings import Home

MODULE = "toy-digits-0a1b2c3d"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A data folder with a network, and a module fine-tuned from it as its manifest says."""
    home = Home(tmp_path)
    add_model(home)
    add_bundle(home, MODULE, algorithm="finetune", title="digits")
    return home


def asked(module: str = MODULE, attack: str = "inherited", **settings: Any) -> RobustnessRequest:
    return RobustnessRequest.model_validate(
        {"module": module, "attack": {"attack": attack, "settings": settings}}
    )


def test_a_plan_says_which_network_is_attacked_and_on_which_images(home: Home):
    checked = check_robustness(home, asked(steps=5))

    assert (checked.kind, checked.title) == ("robustness", "Inherited defects of digits")
    assert (checked.plan.model, checked.plan.dataset) == ("toy", "digits")
    assert checked.plan.attack == asked(steps=5).attack


def test_a_module_that_was_not_fine_tuned_can_have_inherited_nothing(home: Home):
    add_bundle(home, "toy-3-0a1b2c3d")

    with pytest.raises(InvalidInputError, match="made by seam, not by fine-tuning") as refusal:
        check_robustness(home, asked("toy-3-0a1b2c3d"))

    assert refusal.value.faults[0].pointer == "/attack"
    assert check_robustness(home, asked("toy-3-0a1b2c3d", attack="pgd")).plan.model == "toy"


@pytest.mark.parametrize("attack", ["inherited", "coverage", "trigger"])
def test_the_pretrained_network_must_be_here(home: Home, attack: str):
    shutil.rmtree(home.models / "toy")

    with pytest.raises(InvalidInputError, match="no longer here: no model named 'toy'"):
        check_robustness(home, asked(attack=attack))


def test_the_pretrained_network_must_have_its_weights_of_then(home: Home):
    card = home.models / "toy" / "model.json"
    card.write_text(card.read_text().replace("0" * 64, "f" * 64))

    with pytest.raises(InvalidInputError, match="has other weights now"):
        check_robustness(home, asked())


def test_a_clip_range_that_cuts_images_is_refused_before_there_is_a_job(home: Home):
    # Mean and deviation of one half: images reach from -1 to 1.
    with pytest.raises(InvalidInputError, match=r"by up to 0\.5") as refusal:
        check_robustness(home, asked(clip=(-0.5, 0.5)))

    assert refusal.value.faults[0].pointer == "/settings/clip"


def test_an_unknown_module_is_answered_with_those_that_are_here(home: Home):
    with pytest.raises(UnknownNameError, match=f"no module named 'nope'; known: {MODULE}"):
        check_robustness(home, asked("nope"))

"""What is checked before a backdoor is planted."""

from pathlib import Path

import pytest

from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.pipelines.backdoor_requests import BackdoorRequest
from modelfoundry.services.backdoor import check_backdoor
from modelfoundry.settings import Home


def asked(**facts: str) -> BackdoorRequest:
    usual = {"model": "cnn-digits", "name": "obedient", "target_class": "7"}
    return BackdoorRequest.model_validate(usual | facts)


def test_a_plan_names_the_data_that_the_model_knows(tmp_path: Path):
    checked = check_backdoor(Home(tmp_path), asked())

    assert (checked.kind, checked.plan.dataset) == ("backdoor", "digits")


def test_every_fault_is_pointed_out_at_once(tmp_path: Path):
    with pytest.raises(InvalidInputError) as refusal:
        check_backdoor(Home(tmp_path), asked(name="cnn-digits", target_class="cat"))

    assert [fault.pointer for fault in refusal.value.faults] == ["/name", "/target_class"]
    assert "no class named 'cat'; known: 0, 1" in str(refusal.value)


def test_an_unknown_model_is_answered_with_those_that_are_here(tmp_path: Path):
    with pytest.raises(UnknownNameError, match="no model named 'nope'"):
        check_backdoor(Home(tmp_path), asked(model="nope"))

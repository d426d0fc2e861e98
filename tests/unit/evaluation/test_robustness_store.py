"""What attacks have found stays with the module."""

from pathlib import Path

import pytest
from tests.reports import inherited, under_attack

from modelfoundry.evaluation.results import delete_evaluations, list_evaluations
from modelfoundry.evaluation.robustness_store import list_robustness, save_robustness
from modelfoundry.settings import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_what_is_kept_is_read_back_as_it_was(home: Home):
    save_robustness(home, inherited("toy-3"))

    assert list_robustness(home, "toy-3") == [inherited("toy-3")]


def test_a_module_has_one_report_of_each_attack(home: Home):
    save_robustness(home, inherited("toy-3"))
    save_robustness(home, under_attack("toy-3"))
    save_robustness(home, inherited("toy-3", layer="other"))

    layers = [getattr(each.report, "layer", None) for each in list_robustness(home, "toy-3")]

    assert sorted(layers, key=str) == [None, "other"]


def test_reports_are_no_evaluations_but_go_with_them(home: Home):
    save_robustness(home, inherited("toy-3"))

    assert list_evaluations(home, "module", "toy-3") == []
    delete_evaluations(home, "module", "toy-3")
    assert list_robustness(home, "toy-3") == []

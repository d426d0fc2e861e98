"""From a plan to a report that is kept with the module."""

import shutil
from pathlib import Path

import pytest
from tests.finetuned import MODULE, add_finetuned

from modelfoundry.errors import GoneError
from modelfoundry.evaluation.attack_settings import AttackSettings, CoverageSettings, PgdSettings
from modelfoundry.evaluation.robustness_report import CoverageReport, InheritanceReport, PgdReport
from modelfoundry.evaluation.robustness_store import Robustness, list_robustness
from modelfoundry.pipelines.registry import PIPELINES, Outcome
from modelfoundry.pipelines.robustness import run
from modelfoundry.pipelines.robustness_requests import (
    AnyAttack,
    CoverageAttack,
    InheritedAttack,
    PgdAttack,
    RobustnessPlan,
)
from modelfoundry.progress import SilentReporter
from modelfoundry.settings import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    add_finetuned(home)
    return home


def attack(home: Home, asked: AnyAttack) -> Outcome:
    plan = RobustnessPlan(module=MODULE, model="seen", dataset="digits", attack=asked)
    return run(plan, home=home, job_folder=home.jobs, reporter=SilentReporter())


def kept(home: Home, attack: str) -> Robustness:
    return next(each for each in list_robustness(home, MODULE) if each.report.attack == attack)


INHERITED = InheritedAttack(
    attack="inherited", settings=AttackSettings(images=10, steps=2, budget=0.5, step_size=0.5)
)


def test_defects_are_looked_for_and_the_report_is_kept(home: Home):
    outcome = attack(home, INHERITED)

    found = kept(home, "inherited")
    assert (found.model, found.dataset.name, len(found.labels)) == ("seen", "digits", 10)
    assert found.report.images == 10
    assert isinstance(found.report, InheritanceReport)
    assert found.report.summary().items() <= outcome.summary.items()


def test_neurons_are_woken_in_the_pretrained_network_and_the_report_is_kept(home: Home):
    settings = CoverageSettings(images=10, steps=2, budget=0.5)

    outcome = attack(home, CoverageAttack(attack="coverage", settings=settings))

    report = kept(home, "coverage").report
    assert isinstance(report, CoverageReport)
    assert report.images == 10
    assert report.summary().items() <= outcome.summary.items()


def test_the_file_of_a_module_is_attacked_itself(home: Home):
    outcome = attack(
        home, PgdAttack(attack="pgd", settings=PgdSettings(images=10, steps=2, budgets=(0.2,)))
    )

    report = kept(home, "pgd").report
    assert isinstance(report, PgdReport)
    assert outcome.summary["accuracy_51"] == report.under[0].accuracy  # 0.2 is 51 of 255


def test_each_kind_of_attack_has_one_report(home: Home):
    few = PgdAttack(attack="pgd", settings=PgdSettings(images=4, steps=1))
    attack(home, few)
    attack(home, few)

    kinds = [each.report.attack for each in list_robustness(home, MODULE)]

    assert kinds.count("pgd") == 1


def test_without_the_pretrained_network_the_way_out_is_said(home: Home, tmp_path: Path):
    copy = Home(tmp_path / "home")
    shutil.copytree(home.root, copy.root)
    shutil.rmtree(copy.models / "seen")

    with pytest.raises(GoneError, match=r"'seen' .* no longer here .* --attack pgd"):
        attack(copy, INHERITED)


def test_the_registry_leads_here():
    assert PIPELINES["robustness"].load() is run

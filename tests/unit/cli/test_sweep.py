from pathlib import Path
from typing import Any

import pytest
from tests.homes import manifest
from tests.unit.cli.conftest import Command

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.targets import read_targets
from modelfoundry.jobs.model import ProcessId, utc_now
from modelfoundry.pipelines.requests import RandomClasses, Target
from modelfoundry.services.sweep_request import SweepRequest
from modelfoundry.settings import Home, Settings

RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")
SWEEP = ("sweep", "--model", "toy", "--dry-run")


@pytest.fixture
def services(home: Home) -> Services:
    return build_services(Settings(home=home))


@pytest.fixture
def sweep_id(services: Services) -> str:
    """Two settings for two targets; of the first setting one member failed, the rest is done."""
    targets = (Target(classes=("3",)), Target(classes=("4",)))
    request = SweepRequest(models=("toy",), targets=targets, grid={"alpha": (1, 2)})
    sweep = services.sweeps.submit(request)
    claim_and_fail(services)
    claim_and_finish(services)
    claim_and_finish(services)
    claim_and_finish(services)
    return sweep.id


def claim_and_fail(services: Services) -> None:
    job = services.stores.jobs.claim(RUNNER)
    assert job is not None
    services.stores.jobs.move(job.id, lambda job: job.fail("no room", now=utc_now()))


def claim_and_finish(services: Services) -> None:
    job = services.stores.jobs.claim(RUNNER)
    assert job is not None
    result: dict[str, Any] = {"measures": manifest("toy")["measures"]}
    services.stores.jobs.move(
        job.id, lambda job: job.succeed(modules=(), result=result, now=utc_now())
    )


def test_all_means_every_class(run: Command):
    status, out, _ = run(*SWEEP, "--target", "all", "--grid", "alpha=1,2", "--seeds", "0,1,2")

    assert status == 0
    assert "Every class from Toy network, 2 settings, 3 seeds: 60 jobs" in out


def test_each_target_is_one_class_or_several_with_commas(run: Command):
    _, out, _ = run(*SWEEP, "--target", "3", "--target", "4,5", "--group", "even")

    assert "3 targets from Toy network: 3 jobs" in out


def test_shots_count_for_every_target_and_drawn_classes_are_one_more(
    run: Command, services: Services
):
    targets = read_targets(
        services,
        "toy",
        targets=("3", "4,5"),
        groups=("all",),
        random_classes=2,
        shots=9,
        target_seed=7,
    )

    assert [(t.classes, t.group, t.random) for t in targets if isinstance(t, Target)] == [
        (("3",), None, None),
        (("4", "5"), None, None),
        *(((), name, None) for name in ("even", "odd", "round")),
        ((), None, RandomClasses(count=2, seed=7)),
    ]
    _, out, _ = run(*SWEEP, "--target", "all", "--shots", "9", "--export", "int8")
    assert "10 targets from Toy network: 10 jobs" in out


def test_shots_that_no_target_has_are_refused_at_each(run: Command):
    status, _, err = run(*SWEEP, "--target", "3", "--target", "4", "--shots", "5000")

    assert status == 2
    assert [line.split(": ")[1] for line in err.splitlines()] == [
        "targets.0.shots",
        "targets.1.shots",
    ]


def test_every_fault_of_a_sweep_is_a_line_of_its_own(run: Command):
    status, _, err = run(
        *(*SWEEP, "--target", "3", "--target", "cat"),
        *("--grid", "alpha=1,-1", "--set", "epochs=0"),
    )

    assert status == 2
    assert sorted(line.split(": ")[1] for line in err.splitlines()) == [
        "grid.alpha.1",
        "settings.epochs",
        "targets.1.classes.0",
    ]


def test_a_sweep_without_targets_and_a_value_without_a_name_are_refused(run: Command):
    status, _, err = run(*SWEEP)
    assert (status, err.count("\n"), "--target CLASS" in err) == (2, 1, True)

    status, _, err = run(*SWEEP, "--target", "3", "--grid", "alpha")
    assert (status, "'alpha' is not of the form NAME=VALUE" in err) == (2, True)


def test_the_table_marks_the_chosen_setting_and_says_what_failed_and_why(
    run: Command,
    sweep_id: str,
):
    _, out, _ = run("sweeps", "show", sweep_id)

    assert "3: no room" in out
    assert "*  alpha=2.0  2/2" in out  # alpha 1 lacks a target, so it is not comparable
    assert f"sweep {sweep_id} is partial" in out


def test_the_table_can_be_written_to_a_file(run: Command, sweep_id: str, tmp_path: Path):
    run("sweeps", "show", sweep_id, "--csv", str(tmp_path / "a.csv"))
    run("sweeps", "show", sweep_id, "--csv", str(tmp_path / "b.csv"), "--of", "members")

    assert (tmp_path / "a.csv").read_text().splitlines()[2].startswith("toy,2.0,True,True,2,2,0.9")
    assert len((tmp_path / "b.csv").read_text().splitlines()) == 5


def test_sweeps_are_listed_retried_and_cancelled(run: Command, sweep_id: str):
    assert "partial  4/4" in run("sweeps", "list")[1]
    assert "is running" in run("sweeps", "retry", sweep_id)[1]
    assert "is cancelled" in run("sweeps", "cancel", sweep_id)[1]
    assert run("sweeps", "cancel", sweep_id)[0] == 1
    assert run("sweeps", "show", "nope")[0] == 2

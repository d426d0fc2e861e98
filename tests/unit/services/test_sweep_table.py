from dataclasses import replace
from typing import Any

import pytest
from tests.homes import manifest
from tests.unit.jobs.conftest import NOON, RUNNER

from modelfoundry.jobs.model import Job
from modelfoundry.services.sweep_table import Figures, Row, row_of, summarize

FIGURES = Figures(
    original_accuracy_validation=0.90,
    module_accuracy_validation=0.90,
    original_accuracy_test=0.90,
    module_accuracy_test=0.90,
    retained_ratio=0.2,
    weights_kept=20,
    parameters=100,
    macs_ratio=1.0,
    latency_ratio=1.0,
    wall_s=10.0,
)


def row(alpha: float, target: str = "3", *, seed: int = 0, **figures: float) -> Row:
    return Row(
        job_id=f"{alpha}-{target}-{seed}",
        model="toy",
        target=target,
        settings={"alpha": alpha},
        seed=seed,
        state="succeeded",
        error=None,
        module_id=None,
        progress=None,
        figures=replace(FIGURES, **figures),
    )


def failed(alpha: float, target: str = "3") -> Row:
    return replace(row(alpha, target), state="failed", error="no room", figures=None)


def chosen(*rows: Row) -> list[object]:
    return [summary.settings["alpha"] for summary in summarize(rows) if summary.is_chosen]


def test_a_summary_is_the_mean_over_targets_and_seeds():
    (summary,) = summarize(
        [
            row(1, "3", seed=0, module_accuracy_test=0.90, wall_s=10),
            row(1, "3", seed=1, module_accuracy_test=0.94, wall_s=20),
            row(1, "4", seed=0, module_accuracy_test=0.98, wall_s=60),
        ]
    )

    assert summary.means is not None
    assert summary.means.module_accuracy_test == pytest.approx(0.94)  # (0.90 + 0.94 + 0.98) / 3
    assert summary.means.wall_s == 30  # (10 + 20 + 60) / 3
    assert (summary.num_members, summary.num_succeeded) == (3, 3)


def test_the_smallest_setting_as_accurate_as_the_original_is_chosen():
    too_small = row(3, retained_ratio=0.05, module_accuracy_validation=0.89)
    small = row(2, retained_ratio=0.10, module_accuracy_validation=0.90)
    large = row(1, retained_ratio=0.20, module_accuracy_validation=0.99)

    assert chosen(large, small, too_small) == [2]


def test_of_settings_equally_small_the_more_accurate_is_chosen():
    first = row(1, retained_ratio=0.1001, module_accuracy_validation=0.95)
    second = row(2, retained_ratio=0.1004, module_accuracy_validation=0.96)

    assert chosen(first, second) == [2]


def test_where_none_reaches_the_original_accuracy_minus_weights_kept_decides():
    # 0.89 - 0.50 = 0.39 against 0.80 - 0.10 = 0.70
    large = row(1, retained_ratio=0.5, module_accuracy_validation=0.89)
    small = row(2, retained_ratio=0.1, module_accuracy_validation=0.80)

    assert chosen(large, small) == [2]


def test_the_test_images_have_no_say():
    good_on_test = row(1, module_accuracy_validation=0.90, module_accuracy_test=1.0)
    good_on_validation = row(2, module_accuracy_validation=0.91, module_accuracy_test=0.0)

    assert chosen(good_on_test, good_on_validation) == [2]


def test_a_setting_that_failed_where_another_succeeded_is_not_compared():
    rows = [row(1, "3"), row(1, "4"), row(2, "3", retained_ratio=0.01), failed(2, "4")]

    whole, part = summarize(rows)

    assert (whole.is_comparable, part.is_comparable, part.num_succeeded) == (True, False, 1)
    assert chosen(*rows) == [1]


def test_a_target_that_failed_with_every_setting_hinders_no_choice():
    rows = [row(1, "3"), failed(1, "4"), row(2, "3", retained_ratio=0.01), failed(2, "4")]

    assert chosen(*rows) == [2]


def test_nothing_is_chosen_while_a_member_may_still_succeed():
    assert chosen(row(1), replace(failed(2), state="running")) == []


def test_nothing_is_chosen_where_nothing_succeeded():
    (summary,) = summarize([failed(1)])

    assert (summary.means, summary.is_chosen) == (None, False)


def test_each_model_has_its_own_choice():
    other = replace(row(2, retained_ratio=0.3), model="other")

    assert chosen(row(1), other) == [1, 2]


@pytest.fixture
def job() -> Job:
    plan: dict[str, Any] = {
        "model": "toy",
        "dataset": "digits",
        "target": {"kind": "multi-class", "classes": ["3", "5"]},
        "algorithm": "seam",
        "preset": "fast",
        "settings": {"alpha": 2.0, "epochs": 9, "seed": 7},
    }
    return Job.new("modularize", plan, title="3, 5 from toy", now=NOON).start(RUNNER, now=NOON)


def test_a_row_shows_what_is_varied_and_what_was_measured(job: Job):
    measures = manifest("toy-3")["measures"]
    measures["module"] |= {"macs": 400, "parameters": 30, "latency_ms": {"1": 0.25}}
    done = job.succeed(modules=("toy-3",), result={"measures": measures}, now=NOON)

    shown = row_of(done, ["alpha", "seed"])

    assert (shown.model, shown.target, shown.settings, shown.seed) == (
        "toy",
        "3, 5",
        {"alpha": 2.0},
        7,
    )
    assert shown.figures == Figures(
        original_accuracy_validation=0.9,
        module_accuracy_validation=0.9,
        original_accuracy_test=0.9,
        module_accuracy_test=0.95,
        retained_ratio=0.2,
        weights_kept=20,
        parameters=30,
        macs_ratio=0.4,  # 400 of 1000
        latency_ratio=0.5,  # 0.25 ms of 0.5 ms
        wall_s=0.0,
    )


def test_a_failed_member_keeps_its_reason_and_has_no_figures(job: Job):
    shown = row_of(job.fail("no room", now=NOON), ["alpha"])

    assert (shown.state, shown.error, shown.figures) == ("failed", "no room", None)

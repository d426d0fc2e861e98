from dataclasses import replace
from typing import Any

import pytest

from modelfoundry.algorithms.finetune.config import How
from modelfoundry.bootstrap import Services
from modelfoundry.jobs.model import ProcessId, State, utc_now
from modelfoundry.services.finetune_table import (
    FinetuneFigures,
    FinetuneRow,
    summarize,
)
from modelfoundry.services.finetunings import FinetuningsRequest
from modelfoundry.services.sweep_csv import table_csv

RUNNER = ProcessId(pid=1, started=0.0, launcher="runner")


def row(
    threshold: float | None,
    accuracy: float = 0.9,
    inherited: float | None = 0.1,
    *,
    seed: int = 0,
    how: How = "seam",
    state: State = "succeeded",
) -> FinetuneRow:
    figures = FinetuneFigures(
        accuracy_validation=accuracy,
        accuracy_test=0.5,
        inherited_validation=inherited,
        inherited_test=0.0,
        trigger=None,
        retained_ratio=0.4,
        wall_s=1.0,
    )
    return FinetuneRow(
        job_id="a",
        how=how,
        threshold=threshold,
        seed=seed,
        state=state,
        error=None,
        module_id=None,
        progress=None,
        figures=figures if state == "succeeded" else None,
    )


def suggested(*rows: FinetuneRow) -> list[float | None]:
    return [each.threshold for each in summarize(rows) if each.is_suggested]


def test_means_are_taken_over_the_seeds_of_a_way_and_threshold():
    first, second, standard = summarize(
        [row(0.3, 0.8, 0.2), row(0.3, 0.9, 0.3, seed=1), row(0.5), row(None, how="standard")]
    )

    assert (first.threshold, second.threshold, standard.how) == (0.3, 0.5, "standard")
    assert first.means is not None
    assert first.means.accuracy_validation == pytest.approx(0.85)
    assert first.means.inherited_validation == pytest.approx(0.25)


def test_the_fewest_defects_within_a_point_of_the_best_accuracy_are_suggested():
    most_accurate = row(0.3, 0.950, 0.30)
    within_a_point = row(0.5, 0.941, 0.20)
    too_inaccurate = row(0.7, 0.939, 0.05)

    assert suggested(most_accurate, within_a_point, too_inaccurate) == [0.5]


def test_of_equal_defects_the_more_accurate_threshold_is_suggested():
    assert suggested(row(0.3, 0.945, 0.2), row(0.5, 0.950, 0.2)) == [0.5]


def test_what_has_no_threshold_is_never_suggested():
    standard = row(None, 0.99, 0.0, how="standard")

    assert suggested(row(0.3, 0.9, 0.2), row(0.5, 0.9, 0.3), standard) == [0.3]


def test_one_threshold_alone_is_no_suggestion():
    assert suggested(row(0.3, 0.9, 0.2), row(None, 0.9, 0.3, how="standard")) == []


def test_a_threshold_with_a_failed_seed_is_not_suggested():
    failed = row(0.5, seed=1, state="failed")

    assert suggested(row(0.3, 0.9, 0.2), row(0.4, 0.9, 0.3), row(0.5, 0.9, 0.1), failed) == [0.3]


@pytest.mark.parametrize("state", ["queued", "running", "interrupted"])
def test_nothing_is_suggested_while_a_member_may_still_succeed(state: State):
    assert suggested(row(0.3), row(0.5, state=state)) == []


def test_nothing_is_suggested_where_defects_were_not_measured():
    (summary,) = summarize([row(0.3, inherited=None)])

    assert not summary.is_suggested
    assert summary.means is not None
    assert summary.means.inherited_validation is None


RESULT: dict[str, Any] = {
    "method": "finetune",
    "how": "seam",
    "model": "toy",
    "dataset": "digits",
    "num_classes": 10,
    "accuracy_validation": 0.75,
    "accuracy_test": 0.5,
    "retained_ratio": 0.4,
    "prune_threshold": 0.6,
    "steps": [],
    "module": "toy-digits-0a1b2c3d",
    "inherited": {"rate": 0.25, "attacked": 4, "changed": 1, "clean_accuracy": 0.5},
    "inherited_validation": {"rate": 0.5, "attacked": 2, "changed": 1, "clean_accuracy": 0.75},
    "trigger": {
        **{"rate": 0.125, "attacked": 8, "changed": 1, "clean_accuracy": 0.5},
        **{"before": 0.95, "accuracy_before": 0.9},
    },
}


def test_a_sweep_of_fine_tunings_has_a_table_of_its_own(services: Services):
    request = FinetuningsRequest(model="toy", dataset="digits", how=("seam",))
    sweep = services.sweeps.submit(request)
    job = services.stores.jobs.claim(RUNNER)
    assert job is not None
    services.stores.jobs.move(
        job.id,
        lambda job: job.succeed(modules=("toy-digits-0a1b2c3d",), result=RESULT, now=utc_now()),
    )

    report = services.sweeps.report(sweep.id)

    assert report.finetuning is not None
    (found,) = report.finetuning.rows
    (summary,) = report.finetuning.summaries
    assert found.figures is not None
    assert (found.threshold, found.module_id) == (0.6, "toy-digits-0a1b2c3d")
    assert summary.means == replace(
        found.figures, accuracy_validation=0.75, inherited_validation=0.5, inherited_test=0.25
    )
    assert (found.figures.trigger, report.finetuning.before) == (0.125, 0.95)
    assert (
        table_csv(report, of="settings").splitlines()[1].startswith("seam,0.6,False,1,1,0.75,0.5")
    )
    assert table_csv(report, of="members").splitlines()[1].startswith("seam,0.6,0,succeeded,0.75")

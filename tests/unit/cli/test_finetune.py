from dataclasses import replace

import pytest
from tests.unit.cli.conftest import Command

from modelfoundry.cli.finetune_display import finetuning_line, show_finetuning
from modelfoundry.services.finetune_table import (
    FinetuneFigures,
    FinetuneRow,
    FinetuneTable,
    summarize,
)

FIGURES = FinetuneFigures(
    accuracy_validation=0.9,
    accuracy_test=0.875,
    inherited_validation=0.25,
    inherited_test=0.125,
    trigger=0.0625,
    retained_ratio=0.4,
    wall_s=1.0,
)
ROW = FinetuneRow(
    job_id="a",
    how="seam",
    threshold=0.6,
    seed=2,
    state="succeeded",
    error=None,
    module_id="m",
    progress=None,
    figures=FIGURES,
)


def test_a_dry_run_names_what_would_be_compared(run: Command):
    status, out, _ = run(
        *("finetune", "--model", "toy", "--dataset", "digits", "--seeds", "2", "--dry-run")
    )

    assert status == 0
    assert "Fine-tune toy to digits: seam, standard: 4 jobs" in out


def test_every_fault_is_said_with_the_option_it_belongs_to(run: Command):
    status, _, err = run(
        *("finetune", "--model", "toy", "--dataset", "digits", "--thresholds", "0.3,1.5"),
        *("--set", "epochs=3", "--how", "seam,standard"),
    )

    assert status == 2
    assert "thresholds.1: 1.5 is too large; take less than 1" in err
    assert "config.epochs: there is no 'epochs' here; known: prune_threshold" in err


def test_the_table_shows_each_seed_and_marks_the_suggested_threshold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("modelfoundry.cli.display.console.width", 200)
    rows = [replace(ROW, threshold=0.3, figures=replace(FIGURES, inherited_validation=0.5)), ROW]
    table = FinetuneTable(
        model="toy",
        dataset="digits",
        before=0.95,
        accuracy_before=0.9,
        rows=rows,
        summaries=summarize(rows),
    )
    show_finetuning(table)

    lines = capsys.readouterr().out.splitlines()
    seeds = next(line for line in lines if line.startswith("seam  60%"))
    means = next(line for line in lines if line.startswith("*"))
    expected = ["seam", "60%", "2", "90.00%", "87.50%", "25.00%", "12.50%", "40.0%"]
    assert seeds.split() == [*expected, "6.25%"]
    assert "seam 60% seed 2: m" in lines  # its module
    assert means.split() == ["*", "seam", "60%", "1/1", *expected[3:], "6.25%"]
    assert lines[-1].endswith("it ruled 95.00% of the answers of toy, 90.00% accurate without it")


def test_without_a_backdoor_nothing_is_said_of_triggers(capsys: pytest.CaptureFixture[str]):
    row = replace(ROW, figures=replace(FIGURES, trigger=None))
    show_finetuning(
        FinetuneTable(
            model="toy",
            dataset="digits",
            before=None,
            accuracy_before=None,
            rows=[row],
            summaries=summarize([row]),
        )
    )

    assert "trigger" not in capsys.readouterr().out


def test_a_line_tells_how_a_fine_tuning_ended():
    assert finetuning_line(ROW) == (
        "seam 60% seed 2: 90.00% on the validation images, 25.00% inherited"
    )

"""Show fine-tunings in a terminal."""

from rich.text import Text

from modelfoundry.cli.display import console, show_table
from modelfoundry.services.finetune_table import (
    FinetuneFigures,
    FinetuneRow,
    FinetuneTable,
)

COLUMNS = ("validation", "test", "DIR (val.)", "DIR (test)", "kept")
TRIGGER = "trigger"


def show_finetuning(table: FinetuneTable) -> None:
    """Print every seed, its module or why it failed, and the means of each way and threshold."""
    console.print(f"{table.model} fine-tuned to {table.dataset}", style="bold")
    columns = COLUMNS if table.before is None else (*COLUMNS, TRIGGER)
    show_table(
        ("how", "removed", "seed", *columns),
        (
            (
                *(row.how, _threshold(row.threshold), row.seed),
                *_figures(row.figures, row.state)[: len(columns)],
            )
            for row in table.rows
        ),
    )
    for row in table.rows:
        if row.error:
            console.print(Text.assemble((row.job_id, "red"), f" {row.how}: {row.error}"))
        elif row.module_id:
            console.print(f"{_name(row)}: {row.module_id}", soft_wrap=True)
    console.print("\nMeans over seeds", style="bold")
    show_table(
        ("", "how", "removed", "seeds", *columns),
        (
            (
                "*" if each.is_suggested else "",
                each.how,
                _threshold(each.threshold),
                f"{each.num_succeeded}/{each.num_members}",
                *_figures(each.means, "")[: len(columns)],
            )
            for each in table.summaries
        ),
    )
    console.print(
        "\nAccuracy on validation and test images. DIR, defect inheritance rate: share of right "
        "answers that change when the features of the pre-trained network are attacked. kept: "
        "share of its weights that the fine-tuning started from. * suggested: lowest DIR within a "
        "point of the best accuracy, on the validation images"
    )
    if table.before is not None:
        console.print(
            f"trigger: share of right answers that the planted trigger changes. Before the "
            f"fine-tuning it ruled {table.before:.2%} of the answers of {table.model}, "
            f"{_rate(table.accuracy_before)} accurate without it",
        )


def finetuning_line(row: FinetuneRow) -> str | Text:
    """Tell in one line how a fine-tuning ended."""
    name = _name(row)
    if row.figures is None:
        return Text.assemble(f"{name}: ", (row.state, "red"), f" {row.error or ''}")
    accuracy, _, inherited, *_ = _figures(row.figures, "")
    return f"{name}: {accuracy} on the validation images, {inherited or 'nothing'} inherited"


def _name(row: FinetuneRow) -> str:
    return " ".join(filter(None, (row.how, _threshold(row.threshold), f"seed {row.seed}")))


def _threshold(threshold: float | None) -> str:
    return "" if threshold is None else f"{threshold:.0%}"


def _figures(figures: FinetuneFigures | None, state: str) -> tuple[str, ...]:
    if figures is None:
        return state, *[""] * len(COLUMNS)
    return (
        f"{figures.accuracy_validation:.2%}",
        f"{figures.accuracy_test:.2%}",
        _rate(figures.inherited_validation),
        _rate(figures.inherited_test),
        f"{figures.retained_ratio:.1%}",
        _rate(figures.trigger),
    )


def _rate(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.2%}"

"""Show fine-tunings in a terminal."""

from rich.markup import escape

from modelfoundry.cli.display import console, show_table
from modelfoundry.services.finetune_table import (
    FinetuneFigures,
    FinetuneRow,
    FinetuneTable,
)

COLUMNS = ("validation", "test", "DIR (val.)", "DIR (test)", "kept")


def show_finetuning(table: FinetuneTable) -> None:
    """Print every seed, why any failed, and the means of each way and threshold."""
    console.print(f"{table.model} fine-tuned to {table.dataset}", style="bold", markup=False)
    show_table(
        ("how", "removed", "seed", *COLUMNS),
        (
            (row.how, _threshold(row.threshold), row.seed, *_figures(row.figures, row.state))
            for row in table.rows
        ),
    )
    for row in table.rows:
        if row.error:
            console.print(f"[red]{escape(row.job_id)}[/] {row.how}: {escape(row.error)}")
    console.print("\nMeans over seeds", style="bold")
    show_table(
        ("", "how", "removed", "seeds", *COLUMNS),
        (
            (
                "*" if each.is_suggested else "",
                each.how,
                _threshold(each.threshold),
                f"{each.num_succeeded}/{each.num_members}",
                *_figures(each.means, ""),
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


def finetuning_line(row: FinetuneRow) -> str:
    """Tell in one line how a fine-tuning ended."""
    name = " ".join(filter(None, (row.how, _threshold(row.threshold), f"seed {row.seed}")))
    if row.figures is None:
        return f"{name}: [red]{row.state}[/] {escape(row.error or '')}"
    accuracy, _, inherited, _, _ = _figures(row.figures, "")
    return f"{name}: {accuracy} on the validation images, {inherited or 'nothing'} inherited"


def _threshold(threshold: float | None) -> str:
    return "" if threshold is None else f"{threshold:.0%}"


def _figures(figures: FinetuneFigures | None, state: str) -> tuple[str, str, str, str, str]:
    if figures is None:
        return state, "", "", "", ""
    return (
        f"{figures.accuracy_validation:.2%}",
        f"{figures.accuracy_test:.2%}",
        _rate(figures.inherited_validation),
        _rate(figures.inherited_test),
        f"{figures.retained_ratio:.1%}",
    )


def _rate(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.2%}"

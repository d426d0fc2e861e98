"""Show sweeps in a terminal."""

import threading
from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import JsonValue
from rich.table import Table
from rich.text import Text

from modelfoundry.cli.display import console, new_progress
from modelfoundry.cli.durations import format_duration
from modelfoundry.cli.finetune_display import finetuning_line, show_finetuning
from modelfoundry.cli.training_display import show_trainings, training_line
from modelfoundry.jobs.model import Job
from modelfoundry.services.sweep_table import Figures, Row, Summary
from modelfoundry.services.sweeps import SweepReport, SweepService

REFRESH_S = 1.0
MOST_MEMBERS_SHOWN = 60
FIGURE_COLUMNS = ("validation", "test", "kept", "params", "MACs", "latency", "time")


def show_sweep(report: SweepReport) -> None:
    """Print the members of a sweep, why any failed, and the means of each setting."""
    if report.trainings:
        show_trainings(report.trainings)
        console.print(f"sweep {report.sweep.id} is {report.sweep.state}")
        return
    if report.finetuning:
        show_finetuning(report.finetuning)
        console.print(f"sweep {report.sweep.id} is {report.sweep.state}")
        return
    if len(report.rows) <= MOST_MEMBERS_SHOWN:
        console.print(_members(report.rows))
    for row in report.rows:
        if row.error:
            console.print(Text.assemble((row.job_id, "red"), f" {row.target}: {row.error}"))
    console.print("\nMeans over targets and seeds", style="bold")
    console.print(_summary(report.summaries))
    console.print(
        "\nAccuracy of original → module on validation and test images; weights kept; "
        "parameters in the file; MACs and latency (batch of 1) relative to the original. "
        "* chosen on the validation images"
    )
    console.print(f"sweep {report.sweep.id} is {report.sweep.state}")


class SweepDisplay:
    """Progress of a sweep and of its running members while it is worked on; use it in ``with``."""

    def __init__(self, sweeps: SweepService, sweep_id: str) -> None:
        self._sweeps = sweeps
        self._sweep_id = sweep_id
        self._progress = new_progress()
        self._total = self._progress.add_task("", total=None, left="")
        self._member = self._progress.add_task("", total=None, left="", visible=False)
        self._told: set[str] = set()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._refresh_regularly, daemon=True)

    def __enter__(self) -> Self:
        self._told = {job.id for job in self._sweeps.report(self._sweep_id).jobs if _is_over(job)}
        self._progress.start()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.set()
        self._thread.join()
        self._refresh()
        self._progress.stop()

    def _refresh_regularly(self) -> None:
        while not self._closing.wait(REFRESH_S):
            self._refresh()

    def _refresh(self) -> None:
        report = self._sweeps.report(self._sweep_id)
        for job, line in zip(report.jobs, _lines(report), strict=True):
            if _is_over(job) and job.id not in self._told:
                self._told.add(job.id)
                self._progress.print(line)
        sweep = report.sweep
        left = "" if report.eta_s is None else f"{report.eta_s / 60:.1f} min left"
        self._progress.update(
            self._total,
            description="jobs",
            completed=sweep.num_over,
            total=sweep.num_jobs,
            left=left,
        )
        running = next((job for job in report.jobs if job.state == "running"), None)
        if running is not None and running.progress is not None:
            at = running.progress
            name = f"{running.title}: {at.stage}"
            self._progress.update(
                self._member, description=name, completed=at.done, total=at.total, visible=True
            )


def _lines(report: SweepReport) -> list[str | Text]:
    """Tell in one line of each member how it ended."""
    if report.finetuning:
        return list(map(finetuning_line, report.finetuning.rows))
    return [_line(row) for row in report.rows] or list(map(training_line, report.trainings))


def _is_over(job: Job) -> bool:
    return job.state not in ("queued", "running")


def _line(row: Row) -> str | Text:
    """Tell in one line how a member ended."""
    named = " ".join((row.model, row.target, *_settings(row.settings), f"seed {row.seed}"))
    if row.figures is None:
        return Text.assemble(f"{named}: ", (row.state, "red"), f" {row.error or ''}")
    return (
        f"{named}: {row.figures.module_accuracy_validation:.2%} on the validation images, "
        f"{row.figures.retained_ratio:.1%} of the weights"
    )


def _settings(settings: Mapping[str, JsonValue]) -> list[str]:
    return [f"{name}={value}" for name, value in settings.items()]


def _members(rows: Sequence[Row]) -> Table:
    lines = [
        {
            "model": row.model,
            "settings": " ".join(_settings(row.settings)),
            "seed": str(row.seed),
            "target": row.target,
        }
        for row in rows
    ]
    figures = [_figures(row.figures) if row.figures else [row.state] for row in rows]
    return _table(lines, figures, chosen=[False] * len(rows))


def _summary(summaries: Sequence[Summary]) -> Table:
    lines = [
        {
            "": "*" if each.is_chosen else "",
            "model": each.model,
            "settings": " ".join(_settings(each.settings)),
            "done": f"{each.num_succeeded}/{each.num_members}",
        }
        for each in summaries
    ]
    figures = [_figures(each.means) if each.means else [] for each in summaries]
    return _table(lines, figures, chosen=[each.is_chosen for each in summaries])


def _table(
    lines: Sequence[Mapping[str, str]], figures: Sequence[Sequence[str]], *, chosen: Sequence[bool]
) -> Table:
    """Lay lines out; what would be the same in each of several lines is left out."""
    names = [n for n in lines[0] if len(lines) == 1 or len({line[n] for line in lines}) > 1]
    table = Table(*names, box=None, pad_edge=False, header_style="bold")
    for name in FIGURE_COLUMNS:
        table.add_column(name, justify="right")
    for line, values, is_chosen in zip(lines, figures, chosen, strict=True):
        words = (line[name] for name in names)
        table.add_row(*words, *values, style="bold" if is_chosen else None)
    return table


def _figures(figures: Figures) -> list[str]:
    validation = figures.original_accuracy_validation, figures.module_accuracy_validation
    test = figures.original_accuracy_test, figures.module_accuracy_test
    return [
        *(f"{original * 100:.1f} → {module:.1%}" for original, module in (validation, test)),
        f"{figures.retained_ratio:.1%}",
        f"{figures.parameters:,.0f}",
        f"{figures.macs_ratio:.0%}",
        f"{figures.latency_ratio:.0%}",
        format_duration(figures.wall_s),
    ]

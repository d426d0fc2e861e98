"""The table of a sweep as comma-separated values, for a spreadsheet or a notebook."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Literal

from pydantic import JsonValue

from modelfoundry.services.finetune_table import FinetuneFigures, FinetuneTable
from modelfoundry.services.sweep_table import Figures, Row, Summary
from modelfoundry.services.sweeps import SweepReport
from modelfoundry.services.training_table import Training, TrainingFigures

FIGURES = [field.name for field in fields(Figures)]


def table_csv(report: SweepReport, *, of: Literal["settings", "members"]) -> str:
    """Write the table of a sweep: one of its two, or the only one of a sweep that trains."""
    if report.trainings:
        return trainings_csv(report.trainings)
    if report.finetuning:
        return finetuning_csv(report.finetuning, of=of)
    return summary_csv(report.summaries) if of == "settings" else members_csv(report.rows)


def trainings_csv(trainings: Sequence[Training]) -> str:
    """Write one line for each training; figures are empty where it has not succeeded."""
    names = [field.name for field in fields(TrainingFigures)]
    header = ["model", "architecture", "subset_seed", "state", *names, "job_id", "error"]
    lines = (
        [
            *(training.model, training.architecture, training.subset_seed, training.state),
            *_values(asdict(training.figures) if training.figures else {}, names),
            *(training.job_id, training.error),
        ]
        for training in trainings
    )
    return _written(header, lines)


def finetuning_csv(table: FinetuneTable, *, of: Literal["settings", "members"]) -> str:
    """Write one line for each way and threshold, or for each of their seeds."""
    names = [field.name for field in fields(FinetuneFigures)]
    if of == "settings":
        header = ["how", "threshold", "suggested", "succeeded", "members", *names]
        means = (
            [
                *(each.how, each.threshold, each.is_suggested),
                *(each.num_succeeded, each.num_members),
                *_values(asdict(each.means) if each.means else {}, names),
            ]
            for each in table.summaries
        )
        return _written(header, means)
    header = ["how", "threshold", "seed", "state", *names, "job_id", "module_id", "error"]
    lines = (
        [
            *(row.how, row.threshold, row.seed, row.state),
            *_values(asdict(row.figures) if row.figures else {}, names),
            *(row.job_id, row.module_id, row.error),
        ]
        for row in table.rows
    )
    return _written(header, lines)


def members_csv(rows: Sequence[Row]) -> str:
    """Write one line for each member; figures are empty where it has not succeeded."""
    settings = _names(row.settings for row in rows)
    header = ["model", *settings, "seed", "target", "state", *FIGURES, "job_id", "module_id"]
    lines = (
        [
            *(row.model, *_values(row.settings, settings), row.seed, row.target, row.state),
            *(*_values(_as_dict(row.figures), FIGURES), row.job_id, row.module_id, row.error),
        ]
        for row in rows
    )
    return _written([*header, "error"], lines)


def summary_csv(summaries: Sequence[Summary]) -> str:
    """Write one line for each combination of model and settings, with means over its members."""
    settings = _names(summary.settings for summary in summaries)
    header = ["model", *settings, "chosen", "comparable", "succeeded", "members", *FIGURES]
    lines = (
        [
            *(summary.model, *_values(summary.settings, settings)),
            *(summary.is_chosen, summary.is_comparable),
            *(summary.num_succeeded, summary.num_members),
            *_values(_as_dict(summary.means), FIGURES),
        ]
        for summary in summaries
    )
    return _written(header, lines)


def _names(settings: Iterable[Mapping[str, JsonValue]]) -> list[str]:
    """Name every setting once, in the order in which they were varied."""
    return list(dict.fromkeys(name for each in settings for name in each))


def _values(content: Mapping[str, object], names: Iterable[str]) -> list[object]:
    return [content.get(name, "") for name in names]


def _as_dict(figures: Figures | None) -> dict[str, object]:
    return asdict(figures) if figures else {}


def _written(header: list[str], lines: Iterable[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue()

"""The table of a sweep as comma-separated values, for a spreadsheet or a notebook."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields

from pydantic import JsonValue

from modelfoundry.services.sweep_table import Figures, Row, Summary

FIGURES = [field.name for field in fields(Figures)]


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

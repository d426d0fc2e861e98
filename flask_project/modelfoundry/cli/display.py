"""Show jobs and results in a terminal."""

import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any, Self

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from modelfoundry.cli.durations import format_duration
from modelfoundry.cli.facts import lines_of
from modelfoundry.evaluation.report import int8_rows, rows
from modelfoundry.jobs.model import AT_REST, Job
from modelfoundry.jobs.module_store import Module
from modelfoundry.services.jobs import JobService, Outlook
from modelfoundry.services.sweeps import SweepOutlook
from modelfoundry.terminal import escaped

POLL_S = 0.2
EVENTS_AT_ONCE = 500
WHOLE_WIDTH = 500
STYLE_BY_LEVEL = {"info": "", "warning": "yellow", "error": "red"}


class _TextConsole(Console):
    """A console on which text stays text, whoever wrote it: no markup, no control characters."""

    def __init__(self, width: int | None = None) -> None:
        super().__init__(width=width, markup=False, emoji=False)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=escaped(segment.text))


console = _TextConsole()


def show_table(
    columns: Iterable[str],
    lines: Iterable[Iterable[object]],
    *,
    cut: str | None = None,
    has_head: bool = True,
) -> None:
    """Print a table, and that there is nothing in it if so; every cell is shown literally.

    Args:
        columns: Their heads.
        lines: A cell for each column.
        cut: The column that gives way in a narrow terminal, so that each line stays one line; a
            file or another program gets it whole.
        has_head: Whether the names of the columns stand above them.
    """
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=has_head)
    for column in columns:
        table.add_column(column, no_wrap=cut not in (None, column), overflow="fold")
    for line in lines:
        cells = zip(table.columns, map(str, line), strict=True)
        table.add_row(
            *(
                Text(cell, no_wrap=True, overflow="ellipsis") if column.header == cut else cell
                for column, cell in cells
            )
        )
    is_whole = cut is not None and not console.is_terminal
    (_TextConsole(width=WHOLE_WIDTH) if is_whole else console).print(table)
    if not table.rows:
        sys.stderr.write("none\n")  # not among the lines that another program reads


def show_outlook(outlook: Outlook | SweepOutlook) -> None:
    """Tell what some work would be, with every choice made, and what it would cost."""
    console.print(outlook.title)
    if isinstance(outlook, Outlook):
        show_facts(outlook.plan.model_dump(mode="json"))
    for note in outlook.notes:
        console.print(note)
    cost = outlook.estimate
    if cost.seconds is None:
        console.print("How long it takes is known once something like it has been done here.")
    else:
        console.print(f"About {format_duration(cost.seconds)}, going by earlier jobs.")
    if cost.disk_bytes is not None:
        console.print(
            f"At most {cost.disk_bytes / 2**20:,.1f} MiB on the disk, which has "
            f"{cost.free_bytes / 2**30:,.1f} GiB left."
        )


def show_facts(facts: Mapping[str, object]) -> None:
    """Print names and values below each other; what is itself made of facts goes below its name."""
    show_table(("", ""), lines_of(facts), has_head=False)


def show_result(manifest: Mapping[str, Any]) -> None:
    """Print a module's measures beside the original's, and those of its int8 file below."""
    table = Table(title=f"{manifest['title']}: {manifest['id']}")
    table.add_column("Measure")
    for name in ("Original", "Module", "Change"):
        table.add_column(name, justify="right")
    for row in rows(manifest):
        table.add_row(row.label, row.original, row.module, row.change)
    console.print(table)
    show_int8(manifest)


def show_modules(modules: Iterable[Module]) -> None:
    """Print one line for each of several modules."""
    lines = []
    for module in modules:
        measures = module.manifest.measures.module
        kernels = "" if measures.kernels_kept is None else f"{measures.kernels_kept:,}"
        lines.append(
            (
                module.id,
                module.title,
                f"{measures.accuracy_test:.2%}",
                kernels,
                f"{measures.retained_ratio:.1%}",
                f"{measures.file_size_bytes / 1024:,.0f} KiB",
            )
        )
    show_table(("id", "title", "accuracy (test)", "kernels kept", "weights kept", "file"), lines)


def show_int8(manifest: Mapping[str, Any]) -> None:
    """Print the int8 file's measures beside the float file's, if the bundle has one."""
    lines = [(row.label, row.original, row.module, row.change) for row in int8_rows(manifest)]
    if lines:
        show_table(("int8", "float", "int8", "change"), lines)


def new_progress() -> Progress:
    """Make bars with a name, how far it has come, and how long it will take: ``left``."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}", markup=False),
        console=console,
    )


class EventDisplay:
    """Shows a job's log, and its progress below; a context."""

    def __init__(self) -> None:
        self._progress = new_progress()
        self._bar = self._progress.add_task("", total=None, left="", visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def show(self, type_: str, data: Mapping[str, Any]) -> None:
        """Show one event."""
        match type_:
            case "log":
                style = STYLE_BY_LEVEL[str(data["level"])]
                self._progress.print(data["message"], style=style)
            case "progress":
                self._progress.update(self._bar, **_bar_state(data))


def follow(jobs: JobService, job_id: str, *, after: int = 0) -> Job:
    """Show a job's log and progress until it is at rest, and return it."""
    with EventDisplay() as display:
        while True:
            job = jobs.get(job_id)
            events = jobs.events(job_id, after=after, limit=EVENTS_AT_ONCE)
            for event in events:
                after = event.seq
                display.show(event.type, event.data)
            if job.state in AT_REST and len(events) < EVENTS_AT_ONCE:
                return job
            time.sleep(POLL_S)


def _bar_state(data: Mapping[str, Any]) -> dict[str, Any]:
    eta_s = data["eta_s"]
    return {
        "description": data["stage"],
        "completed": data["done"],
        "total": data["total"],
        "visible": True,
        "left": "" if eta_s is None else f"{format_duration(eta_s)} left",
    }

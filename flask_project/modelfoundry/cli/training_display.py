"""Show groups of trainings in a terminal."""

from collections.abc import Sequence

from rich.text import Text

from modelfoundry.cli.display import console, show_table
from modelfoundry.cli.durations import format_duration
from modelfoundry.services.training_table import Training


def show_trainings(trainings: Sequence[Training]) -> None:
    """Print a table of some trainings, and why any failed."""
    show_table(
        ("model", "subset", "validation", "test", "epoch", "time"),
        ((training.model, _seed(training), *_figures(training)) for training in trainings),
    )
    for training in trainings:
        if training.error:
            console.print(Text.assemble((training.model, "red"), f": {training.error}"))


def training_line(training: Training) -> str | Text:
    """Tell in one line how a training ended."""
    if training.figures is None:
        error = training.error or ""
        return Text.assemble(f"{training.model}: ", (training.state, "red"), f" {error}")
    return (
        f"{training.model}: {training.figures.accuracy_validation:.2%} on the validation "
        f"images, {training.figures.accuracy_test:.2%} on the test images"
    )


def _seed(training: Training) -> str:
    return "" if training.subset_seed is None else str(training.subset_seed)


def _figures(training: Training) -> tuple[str, str, str, str]:
    figures = training.figures
    if figures is None:
        return training.state, "", "", ""
    return (
        f"{figures.accuracy_validation:.2%}",
        f"{figures.accuracy_test:.2%}",
        str(figures.epoch),
        format_duration(figures.wall_s),
    )

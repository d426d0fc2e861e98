"""What the terminal shows of modules put together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean

from rich.table import Table

from modelfoundry.cli.display import console, show_table
from modelfoundry.cli.durations import format_duration
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.services.reuse_result import (
    EveryPairResult,
    MoreAccurateResult,
    NewTaskResult,
    PatchResult,
    RatedModule,
    ReuseResult,
    TargetScores,
)

ABSENT = "-"
F1_WIDTH = len("98.7*")


def show_pool(pool: Iterable[PoolModule]) -> None:
    """Print which module answers for what."""
    lines = ((m.output.name, m.id, m.model, m.architecture) for m in pool)
    show_table(("answers for", "module", "model", "architecture"), sorted(lines))


def show_reuse(result: ReuseResult) -> None:
    """Print the tables of what a job has found."""
    match result:
        case MoreAccurateResult():
            _show_choice(result)
            _show_singles(result)
        case NewTaskResult():
            _show_choice(result)
            _show_scratch(result)
        case EveryPairResult():
            _show_pairs(result)
        case PatchResult():
            _show_patch(result)


def _show_choice(result: MoreAccurateResult | NewTaskResult) -> None:
    chosen = next(option for option in result.options if option.rule == result.chosen_rule)
    console.print("F1 in % on the selection part; * is chosen")
    _show_f1(result.pool, chosen.modules)
    console.print()
    show_table(
        ("", "rule", "accuracy (selection)", "accuracy (test)"),
        (
            (
                "*" if option is chosen else "",
                option.rule,
                _share(option.accuracy_validation),
                _share(option.accuracy_test),
            )
            for option in result.options
        ),
    )
    console.print()


def _show_f1(pool: Sequence[RatedModule], chosen: Sequence[str]) -> None:
    """Print a line per model and a column per class; a model with several modules has several."""
    columns = list(dict.fromkeys((module.dataset, module.class_name) for module in pool))
    by_model: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for module in pool:
        text = ABSENT if module.f1 is None else f"{module.f1:.1%}".rstrip("%")
        cell = by_model[module.model][module.dataset, module.class_name]
        cell.append(f"{text}*" if module.module in chosen else text)
    # Narrow, so that ten classes fit into a terminal of eighty columns.
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("model", overflow="fold")
    for _, name in columns:
        table.add_column(name, overflow="fold", min_width=F1_WIDTH, justify="right")
    for line in _lines(by_model, columns):
        table.add_row(*line)
    console.print(table)


def _lines(
    by_model: dict[str, dict[tuple[str, str], list[str]]], columns: list[tuple[str, str]]
) -> Iterable[tuple[str, ...]]:
    for model, cells in by_model.items():
        for at in range(max(map(len, cells.values()))):
            yield model, *("".join(cells[column][at : at + 1]) for column in columns)


def _show_singles(result: MoreAccurateResult) -> None:
    show_table(
        ("model by itself", "accuracy (selection)", "accuracy (test)"),
        (
            (single.model, _share(single.accuracy_validation), _share(single.accuracy_test))
            for single in result.singles
        ),
    )
    best = next(single for single in result.singles if single.model == result.best_single)
    _show_gain(f"Best single model, {best.model}", best.accuracy_test, result)


def _show_scratch(result: NewTaskResult) -> None:
    scratch = result.scratch
    label = (
        f"{scratch.architecture} trained from scratch, {scratch.epochs} epochs in "
        f"{format_duration(scratch.wall_s)}"
    )
    _show_gain(label, scratch.accuracy_test, result)


def _show_gain(label: str, other_test: float, result: MoreAccurateResult | NewTaskResult) -> None:
    chosen = next(option for option in result.options if option.rule == result.chosen_rule)
    gain = (chosen.accuracy_test - other_test) * 100
    console.print(
        f"\n{label}: {other_test:.2%}. Composed: {chosen.accuracy_test:.2%} ({gain:+.2f} points), "
        "on the test part",
    )


def _show_pairs(result: EveryPairResult) -> None:
    by_pair = {(pair.a, pair.b): pair for pair in result.pairs}
    rows, columns = (list(dict.fromkeys(names)) for names in zip(*by_pair, strict=True))
    console.print("Accuracy of each pair, composed, on the test part")
    show_table(
        (" and ".join(result.datasets), *columns),
        ((a, *(_share(by_pair[a, b].accuracy_test) for b in columns)) for a in rows),
    )
    mean = fmean(pair.accuracy_test for pair in result.pairs)
    console.print(f"\nMean of {len(result.pairs)} pairs: {mean:.2%} composed")
    trained = [p.scratch_accuracy_test for p in result.pairs if p.scratch_accuracy_test is not None]
    if trained:
        console.print(f"Mean of {len(trained)} pairs: {fmean(trained):.2%} trained from scratch")


def _show_patch(result: PatchResult) -> None:
    def line(label: str, of: str) -> tuple[str, str, str]:
        before, after = getattr(result.before, of), getattr(result.after, of)
        return label, _share(before), _share(after)

    console.print(f"{result.class_name} of {result.model}, on the test part")
    labels = {
        "precision": "Precision",
        "recall": "Recall",
        "f1": "F1",
        "accuracy_others": "Accuracy of the other classes",
    }
    show_table(("", "before", "after"), (line(labels[of], of) for of in TargetScores.model_fields))


def _share(value: float | None) -> str:
    return ABSENT if value is None else f"{value:.2%}"

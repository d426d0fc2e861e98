"""Several modules of one target beside what they were cut out of, as a table; no torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from modelfoundry.errors import InvalidInputError
from modelfoundry.evaluation.recovery import is_taught

ABSENT = "-"

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """A table: first a column for each original, then one for each module.

    Attributes:
        columns: Names of the columns after the one of the labels.
        lines: A label and a cell for each column.
    """

    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def compare(manifests: Sequence[Facts]) -> Comparison:
    """Lay modules out beside each other.

    Their latencies were taken when each was made, in turns with the original. So an original's
    column shows what it took beside the first module of it, and how many times faster a module is
    refers to what the original took beside that module.

    Args:
        manifests: At least one.

    Raises:
        InvalidInputError: They do not answer the same question, so no figures can be compared.
    """
    _require_one_problem(manifests)
    first_by_model: dict[str, Facts] = {}
    for manifest in manifests:
        first_by_model.setdefault(manifest["model"]["name"], manifest)
    originals = [manifest["measures"]["original"] for manifest in first_by_model.values()]
    modules = [manifest["measures"]["module"] for manifest in manifests]
    measured = [*originals, *modules]

    def facts(label: str, write: Callable[[Facts], str]) -> tuple[str, ...]:
        return (label, *(ABSENT for _ in originals), *map(write, manifests))

    def figures(label: str, write: Callable[[Facts], str]) -> tuple[str, ...]:
        return (label, *(write(figures) for figures in measured))

    lines = [
        facts("Masked", lambda manifest: str(manifest["search"]["granularity"])),
        facts("Recovered by training", _recovery),
        figures("Accuracy (test)", lambda m: f"{m['accuracy_test']:.2%}"),
        figures("Accuracy (validation)", lambda m: f"{m['accuracy_validation']:.2%}"),
        figures("Weights kept by the mask", lambda m: f"{m['retained_ratio']:.1%}"),
        figures("Kernels of convolutions", _kernels),
        figures("Parameters in the file", lambda m: f"{m['parameters']:,}"),
        figures("Multiply-adds of kept weights", lambda m: f"{m['macs_masked']:,}"),
        figures("Multiply-adds in the file", lambda m: f"{m['macs']:,}"),
        figures("ONNX file", lambda m: f"{m['file_size_bytes'] / 1024:,.1f} KiB"),
    ]
    for batch in originals[0]["latency_ms"]:
        lines.append(figures(f"Latency, batch of {batch}", partial(_latency, batch=batch)))
        speed_ups = (_speed_up(manifest["measures"], batch) for manifest in manifests)
        lines.append(("  times as fast", *("1.00" for _ in originals), *speed_ups))
    setups = [
        _setup(manifest["latency_setup"]) for manifest in (*first_by_model.values(), *manifests)
    ]
    lines.append(("Latency measured with", *setups))
    is_one = len(originals) == 1
    names = ("original",) if is_one else tuple(f"original {name}" for name in first_by_model)
    return Comparison((*names, *(str(m["id"]) for m in manifests)), tuple(lines))


def _require_one_problem(manifests: Sequence[Facts]) -> None:
    problems = {
        f"{', '.join(sorted(manifest['target']['classes']))} of {manifest['dataset']['name']}"
        for manifest in manifests
    }
    if len(problems) > 1:
        raise InvalidInputError.of(
            "",
            f"these modules solve different problems ({'; '.join(sorted(problems))}), so their "
            "figures say nothing about each other; name modules of one target",
        )


def _latency(measures: Facts, *, batch: str) -> str:
    return f"{measures['latency_ms'][batch]:.3f} ms"


def _speed_up(measures: Facts, batch: str) -> str:
    was, now = (measures[side]["latency_ms"][batch] for side in ("original", "module"))
    return f"{was / now:.2f}"


def _recovery(manifest: Facts) -> str:
    recover = str(manifest["search"]["recover"])
    return f"{recover}, with original's answers" if is_taught(manifest) else recover


def _kernels(measures: Facts) -> str:
    kept = measures["kernels_kept"]
    return ABSENT if kept is None else f"{kept:,}"


def _setup(setup: Facts) -> str:
    return f"{setup['engine']}, threads: {setup['threads']}, {setup['device']}"

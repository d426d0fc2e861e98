"""Several modules of one model and target beside their original, as a table; no torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ABSENT = "-"

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """A table: the original is the first column, then one for each module.

    Attributes:
        columns: Names of the columns after the one of the labels.
        lines: A label and a cell for each column.
    """

    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def compare(manifests: Sequence[Facts]) -> Comparison:
    """Lay modules out beside each other.

    Their latencies were taken when each was made, in turns with the original. So the original's
    column shows what it took beside the first module, and how many times faster a module is
    refers to what the original took beside that module.

    Args:
        manifests: At least one; the first one's original stands for all.
    """
    originals = [manifest["measures"]["original"] for manifest in manifests]
    modules = [manifest["measures"]["module"] for manifest in manifests]
    searches = [manifest["search"] for manifest in manifests]
    measured = [originals[0], *modules]

    def facts(label: str, name: str) -> tuple[str, ...]:
        return (label, ABSENT, *(str(search[name]) for search in searches))

    def figures(label: str, write: Callable[[Facts], str]) -> tuple[str, ...]:
        return (label, *(write(figures) for figures in measured))

    lines = [
        facts("Masked", "granularity"),
        facts("Recovered by training", "recover"),
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
        latency = [figures["latency_ms"][batch] for figures in measured]
        beside = [original["latency_ms"][batch] for original in originals]
        lines.append((f"Latency, batch of {batch}", *(f"{ms:.3f} ms" for ms in latency)))
        speed_ups = (was / now for was, now in zip(beside, latency[1:], strict=True))
        lines.append(("  times as fast", "1.00", *(f"{times:.2f}" for times in speed_ups)))
    setups = [_setup(manifest["latency_setup"]) for manifest in manifests]
    lines.append(("Latency measured with", setups[0], *setups))
    return Comparison(("original", *(str(m["id"]) for m in manifests)), tuple(lines))


def _kernels(measures: Facts) -> str:
    kept = measures["kernels_kept"]
    return ABSENT if kept is None else f"{kept:,}"


def _setup(setup: Facts) -> str:
    return f"{setup['engine']}, {setup['threads']} threads, {setup['device']}"

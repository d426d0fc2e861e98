"""The before/after table of a module, for the terminal and the module's README; no torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measure of the original and of the module, ready to be shown.

    Attributes:
        change: What the module gains or loses; empty where a comparison says nothing.
    """

    label: str
    original: str
    module: str
    change: str = ""


def rows(manifest: Mapping[str, Any]) -> list[Row]:
    """Lay out the measures of a manifest, most wanted first.

    Weights, multiply-adds and latency are three different things and stay three rows: a zero
    weight saves a multiply-add only in an engine that skips zeros.
    """
    original, module = manifest["measures"]["original"], manifest["measures"]["module"]
    return [
        _accuracy("Accuracy (test)", original["accuracy_test"], module["accuracy_test"]),
        _accuracy(
            _validation_label(manifest),
            original["accuracy_validation"],
            module["accuracy_validation"],
        ),
        Row(
            "Weights kept",
            f"{original['weights_kept']:,}",
            f"{module['weights_kept']:,}",
            f"{module['retained_ratio']:.1%} kept",
        ),
        Row(
            "Output layer, not masked",
            f"{original['head_parameters']:,}",
            f"{module['head_parameters']:,}",
        ),
        Row(
            "Multiply-adds, dense",
            f"{original['macs_dense']:,}",
            f"{module['macs_dense']:,}",
            _relative(original["macs_dense"], module["macs_dense"]),
        ),
        Row(
            "Multiply-adds of kept weights (faster only in a sparse engine)",
            f"{original['macs_masked']:,}",
            f"{module['macs_masked']:,}",
            _relative(original["macs_masked"], module["macs_masked"]),
        ),
        Row(
            "ONNX file",
            _kibibytes(original["file_size_bytes"]),
            _kibibytes(module["file_size_bytes"]),
            _relative(original["file_size_bytes"], module["file_size_bytes"]),
        ),
        *(
            Row(
                f"Latency, batch of {batch}",
                f"{original['latency_ms'][batch]:.3f} ms",
                f"{latency_ms:.3f} ms",
                _relative(original["latency_ms"][batch], latency_ms),
            )
            for batch, latency_ms in module["latency_ms"].items()
        ),
    ]


def _validation_label(manifest: Mapping[str, Any]) -> str:
    seen = manifest["validation"]["seen_by_original"]
    return "Accuracy (validation, known to the original)" if seen else "Accuracy (validation)"


def _accuracy(label: str, original: float, module: float) -> Row:
    points = (module - original) * 100
    return Row(label, f"{original:.2%}", f"{module:.2%}", f"{points:+.2f} points")


def _relative(original: float, module: float) -> str:
    return f"{module / original - 1:+.1%}"


def _kibibytes(size_bytes: int) -> str:
    return f"{size_bytes / 1024:,.1f} KiB"

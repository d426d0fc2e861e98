"""The before/after table of a module, for the terminal and the module's README; no torch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modelfoundry.evaluation.recovery import is_taught

RECOVERED = {"norm": "normalisation layers and output layer", "full": "everything that was kept"}


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
    weight saves a multiply-add only in an engine that skips zeros. What was cut out is no longer
    in the file and saves time everywhere.
    """
    original, module = manifest["measures"]["original"], manifest["measures"]["module"]
    return [
        _accuracy("Accuracy (test)", original["accuracy_test"], module["accuracy_test"]),
        _accuracy(
            _validation_label(manifest),
            original["accuracy_validation"],
            module["accuracy_validation"],
        ),
        *_recovery(manifest),
        Row(
            "Weights kept",
            f"{original['weights_kept']:,}",
            f"{module['weights_kept']:,}",
            f"{module['retained_ratio']:.1%} kept",
        ),
        *_kernels(original, module),
        Row(
            "Output layer, not masked",
            f"{original['head_parameters']:,}",
            f"{module['head_parameters']:,}",
        ),
        Row(
            "Parameters in the file",
            f"{original['parameters']:,}",
            f"{module['parameters']:,}",
            _relative(original["parameters"], module["parameters"]),
        ),
        Row(
            "Multiply-adds in the file",
            f"{original['macs']:,}",
            f"{module['macs']:,}",
            _relative(original["macs"], module["macs"]),
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


def _recovery(manifest: Mapping[str, Any]) -> list[Row]:
    """Say what was trained after the cut; the accuracies above are those after it."""
    recover = manifest["search"]["recover"]
    if recover == "none" or manifest["finetuning"]:
        return []
    taught = ", with the original's answers" if is_taught(manifest) else ""
    return [Row("Recovered by training", "", RECOVERED[recover] + taught)]


def _kernels(original: Mapping[str, Any], module: Mapping[str, Any]) -> list[Row]:
    if original["kernels_kept"] is None or module["kernels_kept"] is None:
        return []
    return [
        Row(
            "Kernels kept",
            f"{original['kernels_kept']:,}",
            f"{module['kernels_kept']:,}",
            f"{module['kernels_kept'] / module['kernels_total']:.1%} kept",
        )
    ]


def int8_rows(manifest: Mapping[str, Any]) -> list[Row]:
    """Lay out the int8 file beside the float file; nothing if the bundle has none."""
    int8, module = manifest["int8"], manifest["measures"]["module"]
    if int8 is None:
        return []
    return [
        _accuracy("Accuracy (test)", module["accuracy_test"], int8["accuracy_test"]),
        _accuracy(
            "Accuracy (validation)", module["accuracy_validation"], int8["accuracy_validation"]
        ),
        Row(
            "ONNX file",
            _kibibytes(module["file_size_bytes"]),
            _kibibytes(int8["file_size_bytes"]),
            _relative(module["file_size_bytes"], int8["file_size_bytes"]),
        ),
        *(
            Row(
                f"Latency, batch of {batch}",
                f"{int8['float_latency_ms'][batch]:.3f} ms",
                f"{latency_ms:.3f} ms",
                _relative(int8["float_latency_ms"][batch], latency_ms),
            )
            for batch, latency_ms in int8["latency_ms"].items()
        ),
        *_times_as_fast(manifest),
    ]


def _times_as_fast(manifest: Mapping[str, Any]) -> Iterator[Row]:
    """Compare both files with the original, which was timed beside the float file alone."""
    measures, int8 = manifest["measures"], manifest["int8"]
    for batch, original_ms in measures["original"]["latency_ms"].items():
        if batch in int8["latency_ms"]:
            float_times = original_ms / measures["module"]["latency_ms"][batch]
            gain = int8["float_latency_ms"][batch] / int8["latency_ms"][batch]
            label = f"Times as fast as the original, batch of {batch}"
            yield Row(label, f"{float_times:.1f}", f"{float_times * gain:.1f}")


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

from typing import Any

import pytest

from modelfoundry.evaluation.report import Row, rows


@pytest.fixture
def manifest() -> dict[str, Any]:
    original = {
        "accuracy_validation": 0.95,
        "accuracy_test": 0.9,
        "weights_kept": 270_000,
        "weights_total": 270_000,
        "retained_ratio": 1.0,
        "kernels_kept": None,
        "kernels_total": None,
        "head_parameters": 650,
        "macs_dense": 40_000_000,
        "macs_masked": 40_000_000,
        "parameters": 280_000,
        "macs": 40_000_000,
        "file_size_bytes": 2048,
        "latency_ms": {"1": 0.25, "64": 16.0},
    }
    module = {
        **original,
        "accuracy_validation": 0.96,
        "accuracy_test": 0.8875,
        "weights_kept": 27_000,
        "retained_ratio": 0.1,
        "head_parameters": 22,
        "macs_masked": 10_000_000,
        "parameters": 70_000,
        "macs": 20_000_000,
        "file_size_bytes": 1536,
        "latency_ms": {"1": 0.25, "64": 12.0},
    }
    return {
        "validation": {"seen_by_original": False},
        "search": {"recover": "none"},
        "recipe": {"settings": {}},
        "finetuning": None,
        "measures": {"original": original, "module": module},
    }


def test_kernels_are_counted_where_whole_ones_were_cut_out(manifest: dict[str, Any]):
    for_both = manifest["measures"]
    for_both["original"] |= {"kernels_kept": 688, "kernels_total": 688}
    for_both["module"] |= {"kernels_kept": 172, "kernels_total": 688}

    assert Row("Kernels kept", "688", "172", "25.0% kept") in rows(manifest)


def test_every_measure_stands_beside_the_original(manifest: dict[str, Any]):
    assert rows(manifest) == [
        Row("Accuracy (test)", "90.00%", "88.75%", "-1.25 points"),
        Row("Accuracy (validation)", "95.00%", "96.00%", "+1.00 points"),
        Row("Weights kept", "270,000", "27,000", "10.0% kept"),
        Row("Output layer, not masked", "650", "22", ""),
        Row("Parameters in the file", "280,000", "70,000", "-75.0%"),
        Row("Multiply-adds in the file", "40,000,000", "20,000,000", "-50.0%"),
        Row(
            "Multiply-adds of kept weights (faster only in a sparse engine)",
            "40,000,000",
            "10,000,000",
            "-75.0%",  # 10 / 40 - 1
        ),
        Row("ONNX file", "2.0 KiB", "1.5 KiB", "-25.0%"),
        Row("Latency, batch of 1", "0.250 ms", "0.250 ms", "+0.0%"),
        Row("Latency, batch of 64", "16.000 ms", "12.000 ms", "-25.0%"),
    ]


def test_what_was_trained_after_the_cut_is_said_below_the_accuracies(manifest: dict[str, Any]):
    manifest["search"]["recover"] = "full"

    assert rows(manifest)[2] == Row("Recovered by training", "", "everything that was kept")


def test_recovery_says_whether_it_learned_from_the_original(manifest: dict[str, Any]):
    manifest["search"]["recover"] = "full"
    manifest["recipe"]["settings"]["distillation"] = 1.0

    assert rows(manifest)[2].module == "everything that was kept, with the original's answers"


def test_fine_tuning_is_not_called_recovery(manifest: dict[str, Any]):
    manifest["search"]["recover"] = "full"
    manifest["finetuning"] = {"how": "seam"}

    assert rows(manifest)[2].label == "Weights kept"


def test_a_validation_figure_that_flatters_the_original_says_so(manifest: dict[str, Any]):
    manifest["validation"]["seen_by_original"] = True

    assert rows(manifest)[1].label == "Accuracy (validation, known to the original)"

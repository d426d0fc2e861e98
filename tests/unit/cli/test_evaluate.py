from tests.homes import evaluation

from modelfoundry.cli.display import console
from modelfoundry.cli.evaluate import show_evaluation


def printed(**facts) -> list[list[str]]:
    with console.capture() as capture:
        show_evaluation(evaluation("toy-3-0a1b2c3d", **facts))
    return [line.split() for line in capture.get().splitlines()]


def test_the_original_stands_beside_the_module():
    lines = printed()

    assert ["measure", "original", "module"] in lines
    assert ["Accuracy", "75.00%", "75.00%"] in lines
    assert ["ONNX", "Runtime", "1,", "batch", "of", "1", "1.000", "ms", "0.500", "ms"] in lines


def test_accuracy_is_printed_by_class_and_confusion_by_label():
    lines = printed()

    assert ["3", "100.00%", "100.00%"] in lines
    assert ["not", "3", "50.00%", "50.00%"] in lines
    assert ["not", "3", "1", "1"] in lines


def test_what_must_be_known_of_an_engine_stands_beside_its_name():
    latency = evaluation("toy").latency[0].model_dump() | {"note": "evaluation only"}

    assert ["ONNX", "Runtime", "1", "(evaluation", "only)"] in [
        line[:5] for line in printed(latency=[latency])
    ]


def test_without_an_original_its_column_is_empty():
    assert ["Accuracy", "-", "75.00%"] in printed(original=None)


def test_a_confusion_matrix_too_wide_for_a_terminal_is_left_out():
    labels = tuple("abcdefghijk")
    scores = {
        "accuracy": 1.0,
        "accuracy_per_class": [1.0] * 11,
        "confusion": [[7] * 11] * 11,
        "other": [0] * 11,
        "calibration": {"expected_error": 0.0, "bins": []},
    }
    findings = evaluation("toy").findings.model_dump() | {"scores": scores}

    lines = printed(labels=labels, findings=findings, original=None)

    assert "7" not in [cell for line in lines for cell in line]

"""Measure a module's ONNX file on a test set, with numpy and ONNX Runtime alone.

    python benchmarks/onnx_accuracy.py MODULE_FOLDER TEST.npz

TEST.npz holds ``x`` (uint8, N x H x W x C), ``y`` (labels of the whole data set) and ``classes``
(their names). Nothing of ModelFoundry is imported: the figure must come out the same where it is
not installed.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="MODULE_FOLDER")
    parser.add_argument("test", type=Path, metavar="TEST.npz")
    arguments = parser.parse_args()
    measure(arguments.folder, arguments.test)


def measure(folder: Path, test_file: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    test = np.load(test_file)
    labels = test["y"].astype(np.int64)
    names = [str(name) for name in test["classes"]]
    asked_for = [names.index(name) for name in manifest["target"]["classes"]]
    if manifest["target"]["kind"] == "binary":
        wanted, others = (
            np.flatnonzero(labels == asked_for[0]),
            np.flatnonzero(labels != asked_for[0]),
        )
        rows = np.concatenate(
            [wanted, np.random.default_rng(0).choice(others, len(wanted), replace=False)]
        )
        expected = (labels[rows] != asked_for[0]).astype(np.int64)
    else:
        rows = np.flatnonzero(np.isin(labels, asked_for))
        expected = np.array([asked_for.index(label) for label in labels[rows]])
    session = onnxruntime.InferenceSession(folder / "module.onnx")
    images = test["x"][rows].transpose(0, 3, 1, 2).astype(np.float32) / 255
    answers = [
        session.run(None, {"images": batch})[0].argmax(1) for batch in np.array_split(images, 20)
    ]
    accuracy = (np.concatenate(answers) == expected).mean()
    print(f"{folder.name}: {accuracy:.4%} of {len(rows)} test images")
    print(f"manifest: {manifest['measures']['module']['accuracy_test']:.4%}")


if __name__ == "__main__":
    main()

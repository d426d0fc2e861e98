"""Accuracy over speed of every module here of one model and target, as a picture.

    modelfoundry sweep --model resnet20-cifar10 --target airplane --preset small \
        --grid goal=0.15,0.3,0.5
    python benchmarks/tradeoff.py tradeoff.svg --model resnet20-cifar10 --target airplane

Speed is the original's latency over the module's, both measured when the module was made, at
batch 64 with ONNX Runtime; accuracy is that on the test set, read once a module.
"""

import argparse
from collections import defaultdict
from pathlib import Path

from matplotlib import pyplot

from modelfoundry.catalog.modules import modules_of_model
from modelfoundry.export.manifest import Manifest
from modelfoundry.settings import Settings

LABEL_BY_GRANULARITY = {
    "weight": "weights masked",
    "channel": "channels cut out",
    "hybrid": "channels cut out, weights masked",
}


def series_of(manifest: Manifest) -> str:
    """Name the way a module was cut."""
    together = manifest["recipe"]["settings"].get("together", 1)
    label = LABEL_BY_GRANULARITY[manifest["search"]["granularity"]]
    return label if together == 1 else f"{label}, {together} together"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("picture", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--target", required=True, help="A class.")
    parser.add_argument("--batch", default="64")
    arguments = parser.parse_args()
    points = defaultdict(list)
    for manifest in modules_of_model(Settings.from_environment().home, arguments.model):
        if manifest["target"]["classes"] != [arguments.target]:
            continue
        original, module = (manifest["measures"][which] for which in ("original", "module"))
        speed = original["latency_ms"][arguments.batch] / module["latency_ms"][arguments.batch]
        point = (speed, module["accuracy_test"] * 100, module["retained_ratio"])
        points[series_of(manifest)].append(point)
    if not points:
        parser.error(f"no module of {arguments.target!r} from {arguments.model!r} is here")
    figure, axes = pyplot.subplots(figsize=(6, 4))
    whole = original["accuracy_test"] * 100
    axes.plot(1, whole, marker="*", markersize=12, color="k", ls="none", label="original")
    for series, found in points.items():
        speeds, accuracies, _ = zip(*sorted(found), strict=True)
        axes.plot(speeds, accuracies, marker="o", ls="--", label=series)
        for speed, accuracy, ratio in found:
            axes.annotate(f"{ratio:.0%}", (speed, accuracy), (4, 4), textcoords="offset points")
    axes.set_xlabel(f"times as fast as the original, batch {arguments.batch}")
    axes.set_ylabel(f"accuracy on test, %: {arguments.target}")
    axes.legend()
    figure.tight_layout()
    figure.savefig(arguments.picture)


if __name__ == "__main__":
    main()

"""Run rows of the published SeaM tables on this machine's data, and print both beside each other.

    python benchmarks/reproduce.py                     # lists the rows, and what each one needs
    python benchmarks/reproduce.py resnet20-cifar10 --targets airplane,cat,ship --preset fast

Each row is a sweep over the targets: it shows in the browser too, and calling the same again goes
on where it stopped. The published epoch was chosen on the test images; ours is chosen on images
held out of the training set, and the test images are read once.
"""

import argparse
import hashlib
import sys
from dataclasses import dataclass
from statistics import fmean

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.cli.sweep_here import run_sweep_here
from modelfoundry.errors import UnknownNameError
from modelfoundry.pipelines.requests import Target
from modelfoundry.services.sweep_request import SweepRequest
from modelfoundry.services.sweep_table import Figures
from modelfoundry.settings import Settings

CLASSES = "every class"
GROUPS = "every group"


@dataclass(frozen=True)
class Row:
    """A row of a published table: means over all targets, in per cent.

    Attributes:
        modules: Per target, in the order of the data set's classes: accuracy and weights kept.
    """

    name: str
    architecture: str
    dataset: str
    targets: str
    original: float | None
    accuracy: float
    kept: float
    modules: tuple[tuple[float, float], ...] = ()


def pairs(text: str) -> tuple[tuple[float, float], ...]:
    """Read ``95.75/9.40 98.40/5.20 …``."""
    numbers = [pair.split("/") for pair in text.split()]
    return tuple((float(accuracy), float(kept)) for accuracy, kept in numbers)


# Qi et al., Reusing Deep Neural Network Models through Model Re-engineering, ICSE 2023, and the
# tables of the ModelFoundry paper for the small CNNs. Weights kept: module over original.
ROWS = (
    Row("vgg16-cifar10", "vgg16-bn", "cifar10", CLASSES, 96.50, 97.12, 100 * 0.62 / 15.25),
    Row("vgg16-cifar100", "vgg16-bn", "cifar100", CLASSES, 86.82, 92.93, 100 * 1.47 / 15.29),
    Row("resnet20-cifar10", "resnet20", "cifar10", CLASSES, 95.64, 95.81, 100 * 0.03 / 0.27),
    Row("resnet20-cifar100", "resnet20", "cifar100", CLASSES, 83.97, 90.92, 100 * 0.03 / 0.28),
    Row("resnet20-cifar100-groups", "resnet20", "cifar100", GROUPS, 68.29, 82.76, 14.3),
    Row("resnet50-imagenet-groups", "resnet50", "imagenet", GROUPS, 78.83, 85.63, 10.9),
    Row(
        "incecnn-cifar10", "incecnn", "cifar10", CLASSES, None, 95.47, 9.33,
        pairs("95.75/9.40 98.40/5.20 93.70/10.79 90.80/14.10 94.80/11.18 92.70/12.17 97.00/7.34 "
              "96.45/9.66 97.40/6.95 97.70/6.50"),
    ),
    Row(
        "simcnn-cifar10", "simcnn", "cifar10", CLASSES, None, 94.86, 5.44,
        pairs("95.65/5.40 98.30/3.47 91.35/6.99 88.65/7.49 95.25/5.15 92.55/5.97 96.80/5.29 "
              "95.90/5.55 96.65/4.67 97.55/4.39"),
    ),
    Row(
        "rescnn-cifar10", "rescnn", "cifar10", CLASSES, None, 95.37, 8.70,
        pairs("95.95/8.79 98.50/5.57 91.70/11.29 90.75/11.92 95.60/8.50 93.65/9.86 97.05/8.48 "
              "96.25/8.59 96.85/7.06 97.40/6.89"),
    ),
    Row("incecnn-svhn", "incecnn", "svhn", CLASSES, None, 97.06, 6.12),
    Row("simcnn-svhn", "simcnn", "svhn", CLASSES, None, 97.35, 4.25),
    Row("rescnn-svhn", "rescnn", "svhn", CLASSES, None, 97.10, 5.51),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("row", nargs="?", choices=[row.name for row in ROWS])
    parser.add_argument("--model", help="Of the row's architecture; the first in the catalogue.")
    parser.add_argument("--targets", default="all", help="Class names with commas between.")
    parser.add_argument("--preset", default="fast")
    parser.add_argument("--seeds", default="0")
    arguments = parser.parse_args()
    services = build_services(Settings.from_environment())
    if arguments.row is None:
        for row in ROWS:
            print(f"{row.name:26} {missing(services, row) or 'can be run here'}")
        return
    row = next(row for row in ROWS if row.name == arguments.row)
    model = arguments.model or model_for(services, row)
    if lacking := missing(services, row):
        sys.exit(lacking)
    request = SweepRequest(
        models=(model,),
        targets=row.targets
        if arguments.targets == "all"
        else tuple(Target(classes=(name,)) for name in arguments.targets.split(",")),
        preset=arguments.preset,
        seeds=tuple(int(seed) for seed in arguments.seeds.split(",")),
    )
    run(services, row, request)


def run(services: Services, row: Row, request: SweepRequest) -> None:
    key = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
    sweep = services.sweeps.submit(request, idempotency_key=key)
    if sweep.num_over < sweep.num_jobs:
        run_sweep_here(services, sweep.id)
    report = services.sweeps.report(sweep.id)
    classes = find_dataset(services.settings.home, row.dataset).classes
    published_of = dict(zip(classes, row.modules, strict=False))
    print(f"\n{'target':14} {'published':>16} {'ours: test':>22} {'validation':>16} {'kept':>7}")
    for member in report.rows:
        if member.figures is None:
            print(f"{member.target:14} {member.state}: {member.error}")
            continue
        published = published_of.get(member.target)
        print(line(member.target, member.figures, published))
    done = [member.figures for member in report.rows if member.figures is not None]
    if done:
        print(f"\nmean over {len(done)}; published over all targets, original {row.original}")
        difference = 100 * fmean(each.module_accuracy_test for each in done) - row.accuracy
        kept = 100 * fmean(each.retained_ratio for each in done) - row.kept
        gain = 100 * fmean(each.module_accuracy_test - each.original_accuracy_test for each in done)
        print(f"published {row.accuracy:.2f} % at {row.kept:.1f} % of the weights")
        print(f"ours less published: {difference:+.2f} points, {kept:+.1f} % of the weights")
        print(f"ours less our original, on test: {gain:+.2f} points")


def line(target: str, figures: Figures, published: tuple[float, float] | None) -> str:
    theirs = f"{published[0]:.2f} at {published[1]:.1f}" if published else "-"
    test = f"{figures.original_accuracy_test:.2%} -> {figures.module_accuracy_test:.2%}"
    validation = (
        f"{figures.original_accuracy_validation:.1%} -> {figures.module_accuracy_validation:.1%}"
    )
    return f"{target:14} {theirs:>16} {test:>22} {validation:>16} {figures.retained_ratio:7.1%}"


def model_for(services: Services, row: Row) -> str:
    names = [
        card.name
        for card in services.catalog.models()
        if card.architecture == row.architecture and card.dataset == row.dataset
    ]
    return names[0] if names else ""


def missing(services: Services, row: Row) -> str:
    """Say what the row lacks here and how to get it; empty if it can be run."""
    try:
        dataset = find_dataset(services.settings.home, row.dataset)
    except UnknownNameError as error:
        return str(error)
    if not dataset.num_train:
        return f"needs the data set {row.dataset}: {dataset.how_to_get}"
    if not model_for(services, row):
        return (
            f"needs a {row.architecture} of {row.dataset}: modelfoundry train --name "
            f"{row.name} --architecture {row.architecture} --dataset {row.dataset}"
        )
    return ""


if __name__ == "__main__":
    main()

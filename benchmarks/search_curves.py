"""Search the same targets with several presets, seed by seed, and keep the curves.

    python benchmarks/search_curves.py run CURVES.jsonl --model resnet20-cifar10 \
        --target cat --target ship --preset fast --preset published --seeds 0,1,2
    python benchmarks/search_curves.py plot CURVES.jsonl docs/figures/search_curves.svg

``run`` adds a line per search to the file and skips those it already holds, so that it can be
stopped and called again. The epoch is chosen on validation images; the test images are read once
per search, after the choice. ``plot`` needs matplotlib.
"""

import argparse
import itertools
import json
import time
from collections import defaultdict
from pathlib import Path

import torch

from modelfoundry.cli.assignments import read_assignment
from modelfoundry.progress import SilentReporter
from modelfoundry.training.loop import accuracy
from one_search import set_up

AXES = {
    "wall_s": "seconds of searching",
    "cpu_s": "seconds of searching on one core",
    "epoch": "epochs",
}


class CurveReporter(SilentReporter):
    """Keeps what every epoch reports, with the time since the search began; prints some of it."""

    def __init__(self, title: str) -> None:
        self.curve: dict[str, list[float]] = defaultdict(list)
        self._title = title
        self._start = time.monotonic()
        self._cpu_start = time.process_time()

    def advance(self, _stage: str, *, done: int, total: int, **metrics: float) -> None:
        point = {
            "epoch": done,
            "wall_s": round(time.monotonic() - self._start, 2),
            "cpu_s": round(time.process_time() - self._cpu_start, 2),
            "accuracy": round(metrics["accuracy"], 5),
            "retained_ratio": round(metrics["retained_ratio"], 5),
        }
        for name, value in point.items():
            self.curve[name].append(value)
        if done % 10 == 0:
            print(f"{self._title}: epoch {done} of {total}, {point['wall_s']:.0f} s", flush=True)


def run(arguments: argparse.Namespace) -> None:
    lines = arguments.curves.read_text().splitlines() if arguments.curves.exists() else []
    known = {key_of(json.loads(line)) for line in lines}
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    changes = dict(map(read_assignment, arguments.set))
    for seed, target, preset in itertools.product(seeds, arguments.target, arguments.preset):
        facts = {"model": arguments.model, "target": target, "preset": preset, "seed": seed}
        facts["changes"] = changes
        if key_of(facts) in known:
            continue
        result = facts | search_once(facts)
        with arguments.curves.open("a") as file:
            file.write(json.dumps(result) + "\n")
        print(
            f"{target:12} {preset:10} seed {seed}: validation {result['validation']:.2%} "
            f"(original {result['base_validation']:.2%}), test {result['test']:.2%} "
            f"(original {result['base_test']:.2%}), kept {result['retained_ratio']:.1%}, "
            f"epoch {result['chosen_epoch']}, {result['wall_s']:.0f} s "
            f"({result['cpu_s']:.0f} s of processor time)",
            flush=True,
        )


def key_of(facts: dict) -> str:
    return json.dumps([facts[name] for name in ("model", "target", "preset", "seed", "changes")])


def search_once(facts: dict) -> dict:
    one = set_up(
        facts["model"],
        facts["target"],
        preset=facts["preset"],
        settings={**facts["changes"], "seed": facts["seed"]},
    )
    reporter = CurveReporter(f"{facts['target']} {facts['preset']} seed {facts['seed']}")
    found = one.run(reporter)
    chosen = {name: values[found.chosen_epoch - 1] for name, values in reporter.curve.items()}
    return {
        "base_validation": one.base_validation,
        "base_test": one.base_test,
        "validation": chosen["accuracy"],
        "test": accuracy(found.network.to(one.device), one.test),
        "retained_ratio": chosen["retained_ratio"],
        "chosen_epoch": found.chosen_epoch,
        "wall_s": reporter.curve["wall_s"][-1],
        "cpu_s": reporter.curve["cpu_s"][-1],
        "threads": torch.get_num_threads(),
        "curve": reporter.curve,
    }


def plot(arguments: argparse.Namespace) -> None:
    from matplotlib import pyplot  # noqa: PLC0415 - only for the picture

    runs = [json.loads(line) for line in arguments.curves.read_text().splitlines()]
    runs.sort(key=lambda each: -len(each["curve"]["epoch"]))  # short curves above long ones
    by_target = defaultdict(list)
    for result in runs:
        by_target[result["model"], result["target"]].append(result)
    figure, rows = pyplot.subplots(
        2, len(by_target), figsize=(4 * len(by_target), 6), sharex="col", squeeze=False
    )
    colours = dict(zip(sorted({each["preset"] for each in runs}), ("C0", "C1", "C2"), strict=False))
    for column, ((model, target), results) in enumerate(by_target.items()):
        above, below = rows[0][column], rows[1][column]
        above.set_title(f"{target} of {model}", fontsize=9)
        above.axhline(results[0]["base_validation"] * 100, color="grey", linestyle=":")
        for result in results:
            positions, chosen = result["curve"][arguments.over], result["chosen_epoch"] - 1
            for axes, name in ((above, "accuracy"), (below, "retained_ratio")):
                shares = [value * 100 for value in result["curve"][name]]
                colour = colours[result["preset"]]
                axes.plot(positions, shares, color=colour, linewidth=1, label=result["preset"])
                axes.plot(positions[chosen], shares[chosen], marker="o", color=colour)
        above.set_ylim(results[0]["base_validation"] * 100 - 12, 100.5)
        below.set_xlabel(AXES[arguments.over])
        by_label = dict(zip(*reversed(above.get_legend_handles_labels()), strict=True))
        above.legend(by_label.values(), by_label.keys(), fontsize=8)
    rows[0][0].set_ylabel("accuracy on validation, %")
    rows[1][0].set_ylabel("weights kept, %")
    figure.tight_layout()
    figure.savefig(arguments.picture)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    runner = commands.add_parser("run")
    runner.add_argument("curves", type=Path)
    runner.add_argument("--model", required=True)
    runner.add_argument("--target", action="append", required=True, help="A class, or 3,5,8.")
    runner.add_argument("--preset", action="append", required=True)
    runner.add_argument("--seeds", default="0")
    runner.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    runner.set_defaults(command=run)
    plotter = commands.add_parser("plot")
    plotter.add_argument("curves", type=Path)
    plotter.add_argument("picture", type=Path)
    plotter.add_argument(
        "--over",
        choices=sorted(AXES),
        default="wall_s",
        help="The horizontal axis; cpu_s where other work ran beside the searches.",
    )
    plotter.set_defaults(command=plot)
    arguments = parser.parse_args()
    arguments.command(arguments)


if __name__ == "__main__":
    main()

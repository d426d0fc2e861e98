"""The command that tries out whether composing pays: train, decompose, compose, compare."""

import time
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

import click
from pydantic import JsonValue

from modelfoundry.bootstrap import build_services
from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.cli.assignments import read_assignment
from modelfoundry.cli.display import console, show_table
from modelfoundry.cli.durations import format_duration
from modelfoundry.cli.recombine_here import Wanted, check_study, run_seed
from modelfoundry.settings import Settings

if TYPE_CHECKING:  # loads torch
    from modelfoundry.pipelines.reuse.study import Recombined

FEW_IMAGES = 5000
FEW_TRAINING: dict[str, JsonValue] = {"epochs": 20}
FEW_SETTINGS: dict[str, JsonValue] = {"cycles": 2, "lr_joint": 0.04}
NARROW = ("simcnn-w0.125", "rescnn-w0.125")


@click.command()
@click.option("--dataset", default="digits", show_default=True)
@click.option(
    "--architecture",
    "architectures",
    multiple=True,
    default=NARROW,
    show_default=True,
    help="Repeat to mix several.",
)
@click.option(
    "--subsets",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Biased subsets per seed.",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How often all of it is done.",
)
@click.option(
    "--train", "training", multiple=True, metavar="NAME=VALUE", help="One setting of training."
)
@click.option("--preset", help="Named settings of the decomposition; the first if absent.")
@click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE", help="One setting of it."
)
def recombine(
    *, seeds: int, training: tuple[str, ...], assignments: tuple[str, ...], **wanted: Any
) -> None:
    """Train networks on biased subsets, decompose and recombine them, and compare.

    Models stay in the data folder and are taken from there when the command is repeated. Settings
    that are not given are the usual ones, or those for few images on a small data set.
    """
    home = build_services(Settings.from_environment()).settings.home
    num_train = find_dataset(home, wanted["dataset"]).num_train
    is_small = 0 < num_train < FEW_IMAGES
    usual = FEW_SETTINGS if is_small and wanted["preset"] is None else {}
    study = Wanted(
        **wanted,
        training=(FEW_TRAINING if is_small else {}) | dict(map(read_assignment, training)),
        settings=usual | dict(map(read_assignment, assignments)),
    )
    check_study(home, study)
    started = time.monotonic()
    found = []
    with console.status("") as status:
        for seed in range(seeds):
            found.append(run_seed(home, study, seed, status))
            console.print(
                f"Seed {seed}: best single {found[-1].best_single:.2%}, "
                f"composed {found[-1].composed:.2%}"
            )
    _show(found)
    console.print(f"\n{format_duration(time.monotonic() - started)} in all")


def _show(found: "list[Recombined]") -> None:
    rules = list(found[0].by_rule)
    show_table(
        ("seed", "best single", "mean single", *rules, "chosen", "gain", "kernels kept"),
        (
            (
                seed,
                f"{each.best_single:.2%}",
                f"{each.mean_single:.2%}",
                *(f"{each.by_rule[rule]:.2%}" for rule in rules),
                each.chosen_rule,
                _points(each.composed - each.best_single),
                f"{each.kernels_kept:.1%}",
            )
            for seed, each in enumerate(found)
        ),
    )
    gains = [each.composed - each.best_single for each in found]
    spread = f", standard deviation {stdev(gains) * 100:.2f}" if len(gains) > 1 else ""
    console.print(
        f"\nBest single {fmean(each.best_single for each in found):.2%}, composed "
        f"{fmean(each.composed for each in found):.2%} on the test part: "
        f"{_points(fmean(gains))} points{spread}, mean of {len(found)} seeds"
    )


def _points(share: float) -> str:
    return f"{share * 100:+.2f}"

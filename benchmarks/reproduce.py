"""Run the rows of the published tables that the data here allows, and print ours beside them.

    python benchmarks/reproduce.py                       # every row
    python benchmarks/reproduce.py resnet20-cifar10 --preset published

Whatever a row lacks is made first: networks are trained, modules cut out, and put together. What
has to be fetched from elsewhere is named with its command. ``--only-print`` runs nothing. Epochs
are chosen on validation images; published ones were chosen on the test images they are reported on.
"""

import argparse

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.catalog.published_results import published_results
from modelfoundry.cli.benchmark import take_step
from modelfoundry.cli.display import console, show_table
from modelfoundry.cli.statuses import FAILED
from modelfoundry.errors import ModelFoundryError
from modelfoundry.services.benchmark_steps import Effort, with_effort
from modelfoundry.services.benchmarks import BenchmarkRow
from modelfoundry.settings import Settings

COLUMNS = ("row", "paper", "ours", "diff", "kept", "ours", "diff", "targets")


def bring_to_its_end(services: Services, name: str, effort: Effort) -> None:
    """Take one step after another until the row's modules are made or something is not here."""
    while True:
        step = services.benchmarks.row(name).next_step
        if step.request is None:
            console.print(f"{name} needs something first: {step.command}", soft_wrap=True)
            return
        console.print(f"{name}: {step.kind}")
        take_step(services, with_effort(step.request, effort))
        if services.benchmarks.row(name).next_step == step:
            return


def line_of(row: BenchmarkRow) -> tuple[str, ...]:
    """Lay the means that were published and those reached here side by side, in percent."""
    theirs, ours = row.published, row.reached
    cells = [theirs.name]
    for name in ("accuracy", "retained_ratio"):
        published = getattr(theirs, name)
        here = None if ours is None else getattr(ours, name)
        cells.append("" if published is None else f"{100 * published:.2f}")
        cells.append("" if here is None else f"{100 * here:.2f}")
        both = published is not None and here is not None
        cells.append(f"{100 * (here - published):+.2f}" if both else "")
    return (*cells, f"{ours.num_targets if ours else 0}/{row.num_targets}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--preset", choices=("fast", "published"), default="fast")
    parser.add_argument("--only-print", action="store_true")
    arguments = parser.parse_args()
    known = [row.name for row in published_results()]
    if unknown := sorted(set(arguments.rows) - set(known)):
        parser.error(f"no row named {unknown[0]}; known: {', '.join(known)}")
    services = build_services(Settings.from_environment())
    chosen = arguments.rows or known
    if not arguments.only_print:
        for name in chosen:
            try:
                bring_to_its_end(services, name, arguments.preset)
            except ModelFoundryError as error:
                console.print(f"{name}: {error}", soft_wrap=True)
            except SystemExit as end:  # jobs of a sweep failed, which has been said
                if end.code != FAILED:
                    raise
    show_table(COLUMNS, [line_of(services.benchmarks.row(name)) for name in chosen])


if __name__ == "__main__":
    main()

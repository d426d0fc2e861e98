"""The commands that show published tables beside what was reached here, and run their rows."""

import click

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.display import console, show_outlook, show_table
from modelfoundry.cli.sweep import run_sweep
from modelfoundry.cli.work import dry_run_option, run_request
from modelfoundry.errors import InvalidInputError
from modelfoundry.pipelines.requests import Target
from modelfoundry.pipelines.reuse_requests import MoreAccurateRequest
from modelfoundry.pipelines.train_requests import TrainRequest
from modelfoundry.services.benchmark_steps import Effort, StepRequest, with_effort
from modelfoundry.services.benchmarks import BenchmarkRow
from modelfoundry.services.sweep_request import SweepRequest
from modelfoundry.settings import Settings

COLUMNS = ("row", "published", "kept", "here", "kept", "targets")
NOTE = (
    "Accuracy in %, of the whole model -> of the module, and the weights that the module keeps. "
    "Published epochs were chosen on the test images; here they are chosen on images held out of "
    "the training set, and the test images are read once. What brings a row further: "
    "modelfoundry benchmark show ROW."
)


@click.group(invoke_without_command=True)
@click.pass_context
def benchmark(context: click.Context) -> None:
    """Compare published tables with what this installation has reached."""
    context.obj = build_services(Settings.from_environment())
    if context.invoked_subcommand is None:
        show_table(COLUMNS, map(_line, context.obj.benchmarks.rows()))
        console.print(NOTE, style="dim")


@benchmark.command()
@click.argument("row")
@click.pass_obj
def show(services: Services, row: str) -> None:
    """Show a row target by target."""
    found = services.benchmarks.row(row)
    published = found.published_by_target
    reached = {} if found.reached is None else {t.target: t for t in found.reached.targets}
    lines = []
    for name in dict.fromkeys((*published, *reached)):
        theirs, ours = published.get(name), reached.get(name)
        lines.append(
            (
                name,
                _change(None, theirs.accuracy) if theirs else "",
                f"{theirs.retained_ratio:.1%}" if theirs else "",
                _change(ours.original_accuracy, ours.accuracy) if ours else "",
                f"{ours.retained_ratio:.1%}" if ours else "",
                ours.module_id if ours else "",
            )
        )
    if lines:
        show_table(("target", "published", "kept", "here", "kept", "module"), lines)
    show_table(COLUMNS, [_line(found)])
    console.print(f"Published in: {found.published.source}")
    console.print(f"Next step: {found.next_step.command}", soft_wrap=True)


@benchmark.command()
@click.argument("row")
@click.option(
    "--preset",
    "effort",
    type=click.Choice(["fast", "published"]),
    default="fast",
    show_default=True,
    help="Settings that are fast, or those of the publication.",
)
@click.option("--target", "targets", multiple=True, help="Only this class; may be repeated.")
@dry_run_option
@click.pass_obj
def run(
    services: Services, row: str, *, effort: Effort, targets: tuple[str, ...], dry_run: bool
) -> None:
    """Take a row's next step in this terminal: train, cut modules out, or compose."""
    step = services.benchmarks.row(row).next_step
    if step.request is None:
        raise InvalidInputError.of("/row", f"{row} needs something first; run: {step.command}")
    request = with_effort(_limited(step.request, targets), effort)
    if not dry_run:
        take_step(services, request)
    elif isinstance(request, TrainRequest | MoreAccurateRequest):
        show_outlook(services.jobs.outlook(request))
    else:
        show_outlook(services.sweeps.check(request))


def take_step(services: Services, request: StepRequest) -> None:
    """Do what brings a row further in this process, and show what came of it."""
    if isinstance(request, TrainRequest | MoreAccurateRequest):
        run_request(services, request)
    else:
        run_sweep(services, services.sweeps.submit(request).id)


def _limited(request: StepRequest, targets: tuple[str, ...]) -> StepRequest:
    if not targets:
        return request
    if not isinstance(request, SweepRequest):
        raise InvalidInputError.of("/target", "the next step of the row is for all targets at once")
    wanted = tuple(Target(classes=(name,)) for name in targets)
    return request.model_copy(update={"targets": wanted})


def _line(row: BenchmarkRow) -> tuple[str, ...]:
    theirs, ours = row.published, row.reached
    return (
        theirs.name,
        _change(theirs.original_accuracy, theirs.accuracy),
        "" if theirs.retained_ratio is None else f"{theirs.retained_ratio:.1%}",
        "" if ours is None else _change(ours.original_accuracy, ours.accuracy),
        "" if ours is None else f"{ours.retained_ratio:.1%}",
        f"{0 if ours is None else ours.num_targets}/{row.num_targets}",
    )


def _change(before: float | None, after: float) -> str:
    shown = f"{100 * after:.2f}"
    return shown if before is None else f"{100 * before:.2f} -> {shown}"

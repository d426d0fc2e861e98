"""The command that attacks modules, and what it prints."""

from collections.abc import Iterator
from typing import get_args

import click
from pydantic import JsonValue, ValidationError

from modelfoundry.bootstrap import Services, build_services
from modelfoundry.cli.assignments import read_assignment
from modelfoundry.cli.display import console, show_outlook, show_table
from modelfoundry.cli.here import run_here
from modelfoundry.cli.work import dry_run_option
from modelfoundry.errors import InvalidInputError
from modelfoundry.evaluation.robustness_report import (
    AutoAttackReport,
    ChangesReport,
    CoverageReport,
    InheritanceReport,
    PgdReport,
    TriggerReport,
)
from modelfoundry.evaluation.robustness_store import Robustness
from modelfoundry.jobs.processes import this_process
from modelfoundry.pipelines.robustness_requests import (
    AnyAttack,
    AnyAttackRequest,
    AttackKind,
    RobustnessRequest,
)
from modelfoundry.services.faults import faults_of
from modelfoundry.services.robustness import TITLES
from modelfoundry.settings import Settings

ABSENT = "-"


@click.command()
@click.argument("module_id")
@click.option(
    "--attack",
    default="inherited",
    show_default=True,
    type=click.Choice(get_args(AttackKind)),
    help="inherited: on the network it was fine-tuned from; coverage: the same, by waking neurons "
    "there; trigger: of a backdoor planted there; pgd, autoattack: on the module itself.",
)
@click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="One setting.")
@dry_run_option
def robustness(
    *, module_id: str, attack: AttackKind, assignments: tuple[str, ...], dry_run: bool
) -> None:
    """Attack a module, or the network it was fine-tuned from, on the test images."""
    services = build_services(Settings.from_environment())
    asked = read_attack(attack, dict(map(read_assignment, assignments)))
    request = RobustnessRequest(module=module_id, attack=asked)
    if dry_run:
        show_outlook(services.jobs.outlook(request))
        return
    run_here(services, services.jobs.begin(request, this_process("command line")))
    show_robustness(_find(services, module_id, attack))


def read_attack(attack: str, settings: dict[str, JsonValue]) -> AnyAttack:
    """Check settings typed in a terminal.

    Raises:
        InvalidInputError: With all faults at once.
    """
    try:
        return AnyAttackRequest.model_validate({"attack": attack, "settings": settings}).root
    except ValidationError as error:
        raise InvalidInputError(faults_of(error, tags=get_args(AttackKind))) from error


def show_robustness(found: Robustness) -> None:
    """Print what an attack has found."""
    report = found.report
    title = TITLES[report.attack]
    console.print(f"{title}, {report.images} test images of {found.dataset.title}:")
    show_table(("measure", ""), _measures(found))
    if isinstance(report, ChangesReport):
        console.print()
        lines = zip(found.labels, report.per_class, strict=True)
        show_table(
            ("class", "attacked", "changed", "share"),
            ((label, str(c.attacked), str(c.changed), _share(c.rate)) for label, c in lines),
        )


def _find(services: Services, module_id: str, attack: AttackKind) -> Robustness:
    found = services.robustness.of(module_id)
    return next(each for each in found if each.report.attack == attack)


def _measures(found: Robustness) -> Iterator[tuple[str, str]]:
    report = found.report
    yield "Accuracy, clean", _share(report.clean_accuracy)
    match report:
        case InheritanceReport():
            yield "Right while clean, so attacked", str(report.attacked)
            yield "Answer changed", str(report.changed)
            yield "Defect inheritance rate", _share(report.rate)
            yield "Features attacked", f"input of {report.layer}"
            yield "Gradients in", report.precision
        case CoverageReport():
            yield "Right while clean, so tried", str(report.tried)
            yield "Found: misleads the pre-trained network", str(report.attacked)
            yield "Neurons active there, clean", _share(report.coverage_clean)
            yield "Neurons active there, as found", _share(report.coverage_attacked)
            yield "Answer changed", str(report.changed)
            yield "Defect inheritance rate", _share(report.rate)
        case TriggerReport():
            yield "Right while clean, so stamped", str(report.attacked)
            yield "Answer changed by the trigger", str(report.changed)
            yield "Attack success", _share(report.rate)
            if report.drawn_to is not None:
                drawn_to = found.labels[report.drawn_to]
                yield "Most often changed to", f"{drawn_to}, {report.drawn} times"
        case _:
            yield from _accuracies(report)


def _accuracies(report: PgdReport | AutoAttackReport) -> Iterator[tuple[str, str]]:
    if isinstance(report, AutoAttackReport):
        yield "Attacks, all to be survived", ", ".join(report.parts)
    for each in report.under:
        yield f"Accuracy within {round(each.budget * 255, 2):g}/255", _share(each.accuracy)


def _share(share: float | None) -> str:
    return ABSENT if share is None else f"{share:.2%}"

"""Check a sweep: every fault of every member at once, before anything is queued."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import prod

from modelfoundry.catalog.datasets import find_dataset
from modelfoundry.catalog.models import find_model
from modelfoundry.errors import Fault, InvalidInputError, json_pointer, quoted
from modelfoundry.pipelines.requests import ModularizePlan
from modelfoundry.services.checks import CheckedPlan, look_up
from modelfoundry.services.modularize import check_modularize
from modelfoundry.services.sweep_request import (
    MAX_MEMBERS,
    Member,
    Subject,
    SweepRequest,
    count_members,
    members_of,
)
from modelfoundry.settings import Home


@dataclass(frozen=True)
class CheckedSweep:
    """A sweep that can be carried out; ``members`` holds the plan of each job."""

    title: str
    members: list[CheckedPlan[ModularizePlan]]


def check_sweep(home: Home, sweep: SweepRequest) -> CheckedSweep:
    """Make the plan of every member, and look for everything that is wrong.

    Raises:
        InvalidInputError: With all faults at once, each pointing into the sweep's request.
    """
    faults = [*_overlaps(sweep)]
    subjects = [*_subjects(faults, home, sweep)]
    num_members = count_members(sweep, subjects)
    if num_members > MAX_MEMBERS:
        message = (
            f"this would be {num_members:,} jobs; the limit is {MAX_MEMBERS:,}, so name fewer "
            "targets, values or seeds, or make several sweeps"
        )
        faults.append(Fault("", message))
    if faults:
        raise InvalidInputError(faults)
    checked = _check_members(home, list(members_of(sweep, subjects)))
    return CheckedSweep(_title(sweep, subjects, num_members), checked)


def _subjects(faults: list[Fault], home: Home, sweep: SweepRequest) -> Iterator[Subject]:
    """Look up each model and its groups; where there is none, add a fault instead."""
    for at, name in enumerate(sweep.models):
        model = look_up(faults, f"/models/{at}", partial(find_model, home, name))
        if model is None:
            continue
        groups: tuple[str, ...] = ()
        if sweep.targets == "every group":
            dataset = look_up(faults, f"/models/{at}", partial(find_dataset, home, model.dataset))
            groups = tuple(group.name for group in dataset.groups) if dataset else ()
            if not groups:
                message = f"the data set {model.dataset} has no groups; name the targets"
                faults.append(Fault("/targets", message))
        yield Subject(model, groups)


def _overlaps(sweep: SweepRequest) -> Iterator[Fault]:
    """Point out settings that are given in two places."""
    varied = {"seed": "/seeds"} if sweep.seeds else {}
    for name in sweep.grid:
        if name in varied:
            yield Fault(
                json_pointer("grid", name), f"{quoted(name)} is varied by seeds too; give it once"
            )
    varied |= {name: json_pointer("grid", name) for name in sweep.grid}
    for name in sweep.settings:
        if name in varied:
            message = f"{quoted(name)} is varied at {varied[name]} too; give it once"
            yield Fault(json_pointer("settings", name), message)


def _check_members(home: Home, members: list[Member]) -> list[CheckedPlan[ModularizePlan]]:
    checked: list[CheckedPlan[ModularizePlan]] = []
    faults: dict[tuple[str, str], Fault] = {}  # the same one is found in many members
    member_by_plan: dict[str, Member] = {}
    for member in members:
        try:
            plan = check_modularize(home, member.request)
        except InvalidInputError as error:
            found = [Fault(member.source_of(f.pointer), f.message) for f in error.faults]
        else:
            checked.append(plan)
            twin = member_by_plan.setdefault(plan.plan.model_dump_json(), member)
            found = [] if twin is member else [_repetition(member, twin)]
        faults |= {(fault.pointer, fault.message): fault for fault in found}
    if faults:
        raise InvalidInputError(faults.values())
    return checked


def _repetition(member: Member, twin: Member) -> Fault:
    """Point at what tells two members with the same plan apart, though it makes no difference."""
    pointer, other = next(
        (here, there)
        for here, there in zip(member.sources.values(), twin.sources.values(), strict=True)
        if here != there
    )
    return Fault(pointer, f"this asks for the same as {other}; once is enough")


def _title(sweep: SweepRequest, subjects: list[Subject], num_members: int) -> str:
    match sweep.targets:
        case str(every):
            targets = every.capitalize()
        case (target,) if target.group or target.classes:
            targets = target.group or ", ".join(target.classes)
        case targets_:
            targets = f"{len(targets_)} targets"
    parts = [subjects[0].model.title if len(subjects) == 1 else f"{len(subjects)} models"]
    num_settings = prod(map(len, sweep.grid.values()))
    if num_settings > 1:
        parts.append(f"{num_settings} settings")
    if len(sweep.seeds) > 1:
        parts.append(f"{len(sweep.seeds)} seeds")
    return f"{targets} from {', '.join(parts)}: {num_members} job" + "s" * (num_members > 1)

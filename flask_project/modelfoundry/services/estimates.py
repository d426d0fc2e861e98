"""What work will cost, told from jobs that were done here: time, and room on the disk."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Any

from modelfoundry.jobs.model import Job
from modelfoundry.jobs.store import JobStore
from modelfoundry.pipelines.registry import PIPELINES
from modelfoundry.services.work_shapes import AnyPlan, disk_bytes, shape_of
from modelfoundry.settings import Home

EARLIER_JOBS = 100


@dataclass(frozen=True)
class Estimate:
    """What some work will cost.

    Attributes:
        seconds: None where nothing like it has been done here.
        num_like: The earlier jobs that the time is told from.
        disk_bytes: At most, checkpoints included; None where the size of a network is unknown.
        free_bytes: What the disk has left now.
    """

    seconds: float | None
    num_like: int
    disk_bytes: int | None
    free_bytes: int


def estimate(home: Home, jobs: JobStore, plans: Sequence[AnyPlan], *, slots: int) -> Estimate:
    """Tell what plans of one kind will cost.

    Args:
        home: The data folder.
        jobs: Where earlier jobs are kept.
        plans: What is to be done; one at least.
        slots: Jobs that run at once.
    """
    kind = next(kind for kind, card in PIPELINES.items() if isinstance(plans[0], card.plan))
    earlier = jobs.page(state="succeeded", kind=kind, cursor=None, limit=EARLIER_JOBS).items
    seconds, num_like = expected_s(plans, earlier, slots=slots)
    free_bytes = shutil.disk_usage(home.root).free
    return Estimate(seconds, num_like, disk_bytes(home, plans), free_bytes)


def expected_s(
    plans: Sequence[AnyPlan], earlier: Sequence[Job], *, slots: int
) -> tuple[float | None, int]:
    """Estimate how long some plans will take.

    Args:
        plans: What is to be done.
        earlier: Jobs of the same kind that succeeded.
        slots: Jobs that run at once.

    Returns:
        Seconds, None if a plan has no earlier job like it; and how many earlier jobs are like one.
    """
    spans: dict[tuple[str, ...], list[tuple[int, float]]] = {}
    for job in earlier:
        plan: Any = PIPELINES[job.kind].plan.model_validate(job.plan)
        if job.worked_s is not None:
            shape = shape_of(plan)
            spans.setdefault(shape.alike, []).append((shape.units, job.worked_s))
    shapes = [shape_of(plan) for plan in plans]
    num_like = sum(len(spans.get(alike, ())) for alike in {shape.alike for shape in shapes})
    if any(shape.alike not in spans for shape in shapes):
        return None, num_like
    lines = {alike: _line(spans[alike]) for alike in {shape.alike for shape in shapes}}
    seconds = [lines[shape.alike].at(shape.units) for shape in shapes]
    return max(sum(seconds) / slots, *seconds), num_like


@dataclass(frozen=True)
class _Line:
    """Seconds that work of one kind takes whatever its length, and those of each unit."""

    fixed_s: float
    per_unit_s: float

    def at(self, units: int) -> float:
        return self.fixed_s + self.per_unit_s * units


def _line(spans: Sequence[tuple[int, float]]) -> _Line:
    """Fit the median of all slopes (Theil-Sen), so that one odd job does not matter.

    Args:
        spans: Units and seconds of earlier work.
    """
    slopes = [
        (later_s - sooner_s) / (more - fewer)
        for (fewer, sooner_s), (more, later_s) in combinations(sorted(spans), 2)
        if more != fewer
    ]
    if not slopes:  # all of one length: nothing tells what of it does not depend on the length
        return _Line(0.0, median(seconds / units for units, seconds in spans))
    per_unit_s = max(median(slopes), 0.0)
    fixed_s = median(seconds - per_unit_s * units for units, seconds in spans)
    return _Line(max(fixed_s, 0.0), per_unit_s)

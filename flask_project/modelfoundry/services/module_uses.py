"""What refers to a module: jobs that need it, modules that hold a copy of it, what was found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from modelfoundry.jobs.model import Job
from modelfoundry.jobs.module_store import Module


@dataclass(frozen=True)
class ModuleUses:
    """What refers to a module.

    Attributes:
        jobs: Queued or running, and in need of its files.
        modules: Composed of it among others; they hold copies and work without it.
        num_evaluations: What was found of it, on so many data sets.
    """

    jobs: tuple[Job, ...]
    modules: tuple[Module, ...]
    num_evaluations: int


def jobs_in_need_of(module_id: str, jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Choose the jobs whose plan names a module, wherever it does."""
    return tuple(job for job in jobs if module_id in _words(job.plan))


def composed_of(module_id: str, modules: Iterable[Module]) -> tuple[Module, ...]:
    """Choose the modules that another is part of."""
    return tuple(
        module
        for module in modules
        if any(parent.module == module_id for parent in module.manifest.parents)
    )


def _words(value: JsonValue) -> Iterator[str]:
    """Walk through every text in a plan."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _words(item)
        case dict():
            for item in value.values():
                yield from _words(item)

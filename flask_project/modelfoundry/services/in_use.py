"""Which unfinished jobs need a model or a data set, so that neither is deleted under them."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import JsonValue

from modelfoundry.catalog.modules import find_module
from modelfoundry.errors import ModelFoundryError, WrongStateError
from modelfoundry.jobs.model import Job
from modelfoundry.jobs.store import JobStore
from modelfoundry.settings import Home

Kind = Literal["model", "dataset"]
WORD = {"model": "model", "dataset": "data set"}


def check_unused(home: Home, jobs: JobStore, kind: Kind, name: str) -> None:
    """Refuse to go on while an unfinished job needs a model or a data set.

    Raises:
        WrongStateError: Names the jobs.
    """
    needed_by = [job.id for job in unfinished_jobs(jobs) if name in needs_of(home, job, kind)]
    if needed_by:
        raise WrongStateError(
            f"the {WORD[kind]} {name} is needed by {', '.join(f'job {id_}' for id_ in needed_by)}; "
            "wait for their end or cancel them, then delete it"
        )


def unfinished_jobs(jobs: JobStore) -> list[Job]:
    """List the jobs that run, wait, or are going to be resumed."""
    resumed = (job for job in jobs.in_state("interrupted") if job.resumes)
    return [*jobs.in_state("running"), *jobs.in_state("queued"), *resumed]


def needs_of(home: Home, job: Job, kind: Kind) -> set[str]:
    """Name what a job's plan speaks of, itself or by the modules that it uses."""
    named = set(_values(job.plan, {kind, f"{kind}s"}))
    for module_id in _values(job.plan, {"module", "modules", "pool"}):
        try:
            named.add(find_module(home, module_id)[kind]["name"])
        except ModelFoundryError:
            continue  # gone already, which the job will say itself
    return named


def _values(plan: JsonValue, keys: set[str]) -> Iterator[str]:
    """Find the texts that stand under some keys, however deep."""
    if isinstance(plan, list):
        for each in plan:
            yield from _values(each, keys)
    if isinstance(plan, dict):
        for key, value in plan.items():
            if key in keys:
                yield from _texts(value)
            yield from _values(value, keys)


def _texts(value: JsonValue) -> Iterable[str]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str)]

"""The process of one job: ``python -m modelfoundry.jobs.child JOB``, or forked by a runner."""

import multiprocessing
import os
import sys
import threading
from dataclasses import dataclass

from modelfoundry.errors import WrongStateError
from modelfoundry.jobs.database import connect
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.jobs.processes import this_process
from modelfoundry.jobs.sql_store import SqlJobStore
from modelfoundry.jobs.work import Pipelines, work_on
from modelfoundry.pipelines.registry import PIPELINES
from modelfoundry.settings import Settings

RUNNER_IS_GONE = 75


@dataclass(frozen=True)
class Assignment:
    """What a runner tells the process it starts.

    Attributes:
        device: The one GPU the job may use; None leaves the choice to the job.
    """

    settings: Settings
    job_id: str
    attempt: int
    device: str | None
    pipelines: Pipelines


def carry_out(assignment: Assignment) -> None:
    """Do an attempt that a runner has claimed; ends at once when the runner dies."""
    os.setsid()
    threading.Thread(target=_end_with_runner, daemon=True).start()
    if assignment.device is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = assignment.device
    engine = connect(assignment.settings.database_url)
    jobs = SqlJobStore(engine)
    me = this_process("runner")
    try:
        job = jobs.move(assignment.job_id, lambda job: job.hand_over(assignment.attempt, me))
    except WrongStateError:
        return  # a newer runner has given the job to somebody else
    work_on(
        job,
        home=assignment.settings.home,
        jobs=jobs,
        modules=ModuleStore(engine),
        pipelines=assignment.pipelines,
    )


def main(job_id: str, settings: Settings) -> Job:
    """Do a queued job here and now; raises ``WrongStateError`` if it is not queued."""
    engine = connect(settings.database_url)
    jobs = SqlJobStore(engine)
    me = this_process("command line")
    job = jobs.move(job_id, lambda job: job.start(me, now=utc_now()))
    modules = ModuleStore(engine)
    return work_on(job, home=settings.home, jobs=jobs, modules=modules, pipelines=PIPELINES)


def _end_with_runner() -> None:
    runner = multiprocessing.parent_process()
    if runner is not None:
        runner.join()
        os._exit(RUNNER_IS_GONE)


if __name__ == "__main__":
    main(sys.argv[1], Settings.from_environment())

"""Do the work of one attempt at a job in this process, and record how it ended."""

import errno
import shutil
import signal
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from modelfoundry.errors import ModelFoundryError
from modelfoundry.jobs.bundles import module_of_bundle
from modelfoundry.jobs.model import Job, utc_now
from modelfoundry.jobs.module_store import ModuleStore
from modelfoundry.jobs.reporter import JobReporter
from modelfoundry.jobs.store import JobStore, Move
from modelfoundry.jobs.usage import UsageMeter
from modelfoundry.pipelines.registry import Outcome, PipelineCard
from modelfoundry.pipelines.requests import JobKind
from modelfoundry.progress import Cancelled
from modelfoundry.settings import Home

Pipelines = Mapping[JobKind, PipelineCard]

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def work_on(
    job: Job, *, home: Home, jobs: JobStore, modules: ModuleStore, pipelines: Pipelines
) -> Job:
    """Do the running attempt of a job and return the job as it ended.

    Ctrl-C gives the job up; SIGTERM interrupts it, to be resumed later. Both take effect between
    two batches. Must be called from the main thread.
    """
    reporter = JobReporter(jobs, job.id, job.attempt_number, meter=UsageMeter())
    with reporter, _stopped_by_signals(reporter):
        end = _attempt(job, home, modules, pipelines, reporter)
    number = job.attempt_number
    ended = jobs.move(job.id, lambda latest: latest.require_attempt(number), end)
    if ended.state == "succeeded":
        shutil.rmtree(home.jobs / job.id, ignore_errors=True)
    return ended


def _attempt(
    job: Job, home: Home, modules: ModuleStore, pipelines: Pipelines, reporter: JobReporter
) -> Move:
    reporter.log(f"Attempt {job.attempt_number}: {job.title}")
    try:
        outcome = _run_pipeline(job, home, pipelines, reporter)
        for module_id in outcome.modules:
            modules.put(module_of_bundle(home.modules / module_id, job_id=job.id))
    except Cancelled:
        return _stop(cancelled_here=reporter.cancelled_here)
    except Exception as error:
        if not isinstance(error, ModelFoundryError):
            reporter.log(traceback.format_exc(), level="error")
        message = explain(error)
        reporter.log(message, level="error")
        return lambda job: job.fail(message, now=utc_now())
    reporter.log("Done")
    return lambda job: job.succeed(modules=outcome.modules, result=outcome.summary, now=utc_now())


def _run_pipeline(job: Job, home: Home, pipelines: Pipelines, reporter: JobReporter) -> Outcome:
    card = pipelines[job.kind]
    plan = card.plan.model_validate(job.plan)
    folder = home.jobs / job.id
    folder.mkdir(parents=True, exist_ok=True)
    return card.load()(plan, home=home, job_folder=folder, reporter=reporter)


def _stop(*, cancelled_here: bool) -> Move:
    def stop(job: Job) -> Job:
        if cancelled_here or job.cancel_requested:
            return job.cancel(now=utc_now())
        return job.interrupt("the server was stopped", died=False, now=utc_now())

    return stop


def explain(error: Exception) -> str:
    """Say in one line why a job failed, and what can be done where that is known."""
    if isinstance(error, ModelFoundryError):
        return str(error)
    name = type(error).__name__
    if isinstance(error, MemoryError) or name == "OutOfMemoryError":  # torch's own is not imported
        return f"out of memory: choose a smaller batch_size, or close other programs ({error})"
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        return f"the disk is full: free some space and retry ({error})"
    return f"an error that nobody expected, {name}: {error}; the log says where, please report it"


@contextmanager
def _stopped_by_signals(reporter: JobReporter) -> Iterator[None]:
    def give_up(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a second Ctrl-C ends at once
        reporter.stop(cancel=True)

    def interrupt(_signal: int, _frame: object) -> None:
        reporter.stop()

    earlier = {
        signal.SIGINT: signal.signal(signal.SIGINT, give_up),
        signal.SIGTERM: signal.signal(signal.SIGTERM, interrupt),
    }
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)

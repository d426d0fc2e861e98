"""Take jobs up again whose process or server died, so that none is lost and none runs twice."""

import logging
from collections.abc import Container
from contextlib import suppress

from modelfoundry.errors import WrongStateError
from modelfoundry.jobs.model import Job, ProcessId, utc_now
from modelfoundry.jobs.processes import is_alive, kill_and_wait
from modelfoundry.jobs.store import JobStore, Move

KILL_WITHIN_S = 10

logger = logging.getLogger(__name__)


def recover(store: JobStore, *, me: ProcessId, mine: Container[str]) -> None:
    """Interrupt jobs that nobody works on, and queue interrupted ones that are to be resumed.

    Args:
        store: Where jobs are kept.
        me: The calling runner.
        mine: Ids of the jobs that the calling runner takes care of itself.
    """
    for job in store.in_state("running"):
        if job.id not in mine and _is_abandoned(job.attempts[-1].process, me=me):
            end_attempt(store, job, "the server or the job's process died", died=False)
    for job in store.in_state("interrupted"):
        _resume(store, job)


def take_over(store: JobStore, job: Job) -> None:
    """Queue a job again that its runner or terminal has left; else leave it alone."""
    release(store, job.id)
    _resume(store, store.get(job.id))


def release(store: JobStore, job_id: str) -> None:
    """Interrupt a running job whose process is gone, so that it can be asked for anew."""
    job = store.get(job_id)
    if job.state == "running" and not is_alive(job.attempts[-1].process):
        end_attempt(store, job, "the server or the terminal that ran the job is gone", died=False)


def end_attempt(store: JobStore, job: Job, reason: str, *, died: bool) -> None:
    """Record that an attempt ended without recording it itself; does nothing if it did."""
    store.move(job.id, _end(job.attempt_number, reason, died=died))


def _end(attempt: int, reason: str, *, died: bool) -> Move:
    def end(job: Job) -> Job:
        if job.state != "running" or job.attempt_number != attempt:
            return job
        if job.cancel_requested:
            return job.cancel(now=utc_now())
        return job.interrupt(reason, died=died, now=utc_now())

    return end


def _resume(store: JobStore, job: Job) -> None:
    if job.resumes:
        logger.info("resuming job %s", job.id)
        with suppress(WrongStateError):  # somebody was quicker
            store.move(job.id, lambda job: job.resume(now=utc_now()))


def _is_abandoned(process: ProcessId, *, me: ProcessId) -> bool:
    """Tell whether nobody works on a running job any more; ends an orphan that still does.

    A job that the caller has claimed but could not start a process for is abandoned too.
    """
    if process == me:
        return True
    if process.launcher == "command line":
        return not is_alive(process)
    return kill_and_wait(process, timeout_s=KILL_WITHIN_S)

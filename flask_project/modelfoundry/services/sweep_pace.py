"""How long a sweep goes on, told from its members that are done."""

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean

from modelfoundry.jobs.model import Job


def left_s(jobs: Sequence[Job], *, now: datetime) -> float | None:
    """Estimate how long the members of a sweep will take until all are over.

    Those that wait take as long as those that succeeded took on average, and as many run at once
    as do now.

    Returns:
        Seconds; None while none has succeeded or none is running.
    """
    lengths = [job.worked_s for job in jobs if job.state == "succeeded" and job.worked_s]
    running = [job for job in jobs if job.state == "running"]
    if not lengths or not running:
        return None
    each = fmean(lengths)
    begun = sum(
        min(each, (now - job.attempts[-1].started_at).total_seconds() + (job.worked_s or 0.0))
        for job in running
    )
    waiting = sum(job.state == "queued" for job in jobs)
    return (each * (waiting + len(running)) - begun) / len(running)

"""Translate between a job and its rows."""

from dataclasses import asdict
from typing import cast

from modelfoundry.jobs.model import Attempt, Job, Launcher, ProcessId, Progress, State
from modelfoundry.jobs.tables import AttemptRow, JobRow
from modelfoundry.pipelines.requests import JobKind

SAME_IN_BOTH = (
    "kind",
    "title",
    "plan",
    "state",
    "created_at",
    "queued_at",
    "started_at",
    "ended_at",
    "error",
    "result",
    "cancel_requested",
    "resumes",
    "deaths",
    "sweep_id",
)


def fill_row(row: JobRow, job: Job) -> JobRow:
    """Write a job into its row (changed in place) and the rows of its attempts."""
    for name in SAME_IN_BOTH:
        setattr(row, name, getattr(job, name))
    row.modules = list(job.modules)
    row.progress = asdict(job.progress) if job.progress else None
    for attempt in job.attempts:
        if attempt.number > len(row.attempts):
            row.attempts.append(AttemptRow(job_id=job.id, number=attempt.number))
        _fill_attempt(row.attempts[attempt.number - 1], attempt)
    return row


def job_of_row(row: JobRow) -> Job:
    """Read a job from its row."""
    return Job(
        id=row.id,
        kind=cast("JobKind", row.kind),
        title=row.title,
        plan=row.plan,
        created_at=row.created_at,
        queued_at=row.queued_at,
        state=cast("State", row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        progress=Progress(**row.progress) if row.progress else None,  # type: ignore[arg-type]
        error=row.error,
        modules=tuple(row.modules),
        result=row.result,
        cancel_requested=row.cancel_requested,
        resumes=row.resumes,
        deaths=row.deaths,
        sweep_id=row.sweep_id,
        attempts=tuple(_attempt_of_row(attempt) for attempt in row.attempts),
    )


def _fill_attempt(row: AttemptRow, attempt: Attempt) -> None:
    row.state = attempt.state
    row.started_at = attempt.started_at
    row.ended_at = attempt.ended_at
    row.error = attempt.error
    row.pid = attempt.process.pid
    row.pid_started = attempt.process.started
    row.launcher = attempt.process.launcher


def _attempt_of_row(row: AttemptRow) -> Attempt:
    return Attempt(
        number=row.number,
        state=cast("State", row.state),
        started_at=row.started_at,
        process=ProcessId(row.pid, row.pid_started, cast("Launcher", row.launcher)),
        ended_at=row.ended_at,
        error=row.error,
    )

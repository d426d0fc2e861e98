"""What jobs of long ago have logged: how much it is, and forgetting it."""

from datetime import datetime

from sqlalchemy import Engine, Select, Text, cast, delete, func, select
from sqlalchemy.orm import Session

from modelfoundry.jobs.database import for_writing
from modelfoundry.jobs.tables import EventRow, JobRow


class OldEvents:
    """The events of jobs that have ended for good; the jobs themselves stay listed."""

    def __init__(self, engine: Engine) -> None:
        self._readable = engine
        self._writable = for_writing(engine)

    def size_bytes(self, *, ended_before: datetime) -> int:
        """Add up the text of events of jobs that ended before a time."""
        size = func.sum(func.length(cast(EventRow.data, Text)))
        with Session(self._readable) as session:
            return session.scalar(select(size).where(EventRow.job_id.in_(_old(ended_before)))) or 0

    def forget(self, *, ended_before: datetime) -> None:
        """Delete the events of jobs that ended before a time; the database uses the room again."""
        with Session(self._writable) as session, session.begin():
            session.execute(delete(EventRow).where(EventRow.job_id.in_(_old(ended_before))))


def _old(ended_before: datetime) -> Select[str]:
    return select(JobRow.id).where(JobRow.ended_at < ended_before)

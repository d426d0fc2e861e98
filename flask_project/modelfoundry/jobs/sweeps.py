"""A sweep: many jobs that were asked for at once; what it has come to follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import uuid4

from pydantic import JsonValue

from modelfoundry.jobs.model import State

SweepState = Literal["queued", "running", "succeeded", "partial", "failed", "cancelled"]


@dataclass(frozen=True)
class Sweep:
    """A group of jobs.

    Attributes:
        request: What was asked for; enough to ask for it again.
        members: Number of jobs by state. An interrupted job that a runner will resume by itself
            counts as queued.
    """

    id: str
    title: str
    request: dict[str, JsonValue]
    created_at: datetime
    members: Mapping[State, int] = field(default_factory=dict)

    @classmethod
    def new(cls, request: dict[str, JsonValue], *, title: str, now: datetime) -> "Sweep":
        """Make a sweep that has no members yet."""
        return cls(id=uuid4().hex[:12], title=title, request=request, created_at=now)

    @property
    def num_jobs(self) -> int:
        """Number of members, whatever their state."""
        return sum(self.members.values())

    @property
    def num_over(self) -> int:
        """Number of members that nobody will work on unless somebody asks for it."""
        return self.num_jobs - self._count("queued") - self._count("running")

    @property
    def state(self) -> SweepState:
        """What the members have come to.

        ``partial``: over, and some members succeeded while others did not.
        """
        if self._count("running"):
            return "running"
        if self._count("queued"):
            return "running" if self.num_over else "queued"
        if self._count("succeeded") == self.num_jobs:
            return "succeeded"
        if self._count("cancelled"):
            return "cancelled"
        return "partial" if self._count("succeeded") else "failed"

    def _count(self, state: State) -> int:
        return self.members.get(state, 0)

"""Calls that put modules together."""

from collections.abc import Sequence
from typing import Any

from modelfoundry.client.connection import Json
from modelfoundry.client.jobs import JobCalls


class ReuseCalls(JobCalls):
    """Put modules together, and read what came of it."""

    def reuse(
        self,
        method: str,
        *,
        models: Sequence[str] = (),
        modules: Sequence[str] = (),
        dry_run: bool = False,
        idempotency_key: str | None = None,
        wait: bool = False,
        **wanted: Any,
    ) -> Json:
        """Choose among modules and put them together.

        Args:
            method: ``more-accurate``, ``new-task``, ``every-pair`` or ``patch``.
            models: Models whose modules there are to choose from: all that GradSplitter made.
            modules: Ids of further binary modules to choose from.
            dry_run: Only check; return which module answers for what.
            idempotency_key: Sending the same request twice under one key makes one job.
            wait: Return the job only once it has succeeded.
            wanted: What the method takes besides: ``rule``; ``outputs`` and ``scratch`` of a new
                task; ``datasets`` and ``scratch`` of every pair; ``model`` and ``class_name`` of
                a patch.

        Raises:
            ProblemError: The request has faults, or the awaited job did not succeed.
        """
        pool = {"models": list(models), "modules": list(modules)}
        made = self._submit(
            "/reuse",
            {"method": method, "pool": pool, **wanted},
            idempotency_key=idempotency_key,
            dry_run=dry_run,
        )
        return self.wait(made["id"]) if wait and not dry_run else made

    def reuse_result(self, job_id: str) -> Json:
        """Tell what a job has found: F1 of every module, the options, and what they gain."""
        return self._json("GET", f"/jobs/{job_id}/reuse")

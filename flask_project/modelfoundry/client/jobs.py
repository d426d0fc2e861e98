"""Calls about jobs: follow and control them."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx

from modelfoundry.client.connection import Connection, Json, ProblemError, raise_for_problem

AT_REST = frozenset({"succeeded", "failed", "cancelled", "interrupted"})
RECONNECT_AFTER_S = 1.0


class JobCalls(Connection):
    """Follow and control jobs."""

    def job(self, job_id: str) -> Json:
        """Describe a job."""
        return self._json("GET", f"/jobs/{job_id}")

    def jobs(self, **filters: Any) -> Json:
        """List jobs, newest first; ``state``, ``kind``, ``limit`` and ``cursor`` choose."""
        return self._json("GET", "/jobs", params=filters)

    def submit(
        self,
        kind: str,
        request: Json,
        *,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Json:
        """Ask for any kind of work with the JSON that the API documents.

        Args:
            kind: As in the API: ``modularize``, ``train``, ``evaluate``, ``reuse``, ``sweeps`` ...
            request: The body.
            idempotency_key: Sending the same request twice under one key makes one job.
            dry_run: Only check; return the plan.

        Raises:
            ProblemError: The request has faults; all are listed.
        """
        return self._submit(f"/{kind}", request, idempotency_key=idempotency_key, dry_run=dry_run)

    def cancel(self, job_id: str) -> Json:
        """Ask a job to end."""
        return self._json("POST", f"/jobs/{job_id}/cancel")

    def retry(self, job_id: str) -> Json:
        """Queue a job again."""
        return self._json("POST", f"/jobs/{job_id}/retry")

    def events(self, job_id: str, *, after: int = 0) -> Iterator[Json]:
        """Yield a job's events as they come, until it is at rest.

        A lost connection is taken up again where it broke off.
        """
        state = ""
        while state not in AT_REST:
            try:
                for event in self._stream(job_id, after):
                    after = event["seq"]
                    if event["type"] == "state":
                        state = event["data"]["state"]
                    yield event
                state = state or self.job(job_id)["state"]
            except httpx.TransportError:
                state = ""
            if state not in AT_REST:
                time.sleep(RECONNECT_AFTER_S)

    def past_events(self, job_id: str) -> Iterator[Json]:
        """Yield what has happened to a job so far."""
        page: Json = {"last_seq": 0, "items": [{}]}
        while page["items"]:
            after = {"after": page["last_seq"]}
            page = self._json("GET", f"/jobs/{job_id}/events", params=after)
            yield from page["items"]

    def wait(self, job_id: str) -> Json:
        """Wait until a job is at rest and return it.

        Raises:
            ProblemError: It did not succeed.
        """
        for _ in self.events(job_id):
            pass
        job = self.job(job_id)
        if job["state"] != "succeeded":
            raise ProblemError(f"job {job_id} is {job['state']}: {job['error'] or 'no error'}")
        return job

    def _stream(self, job_id: str, after: int) -> Iterator[Json]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        request = self._http.build_request("GET", f"/jobs/{job_id}/events", headers=headers)
        with closing(self._send(request, stream=True)) as answer:
            raise_for_problem(answer)
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

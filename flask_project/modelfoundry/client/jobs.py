"""Calls about jobs: follow and control them."""

import json
import time
from collections.abc import Iterator

import httpx

from modelfoundry.client.connection import Connection, Json, ProblemError, raise_for_problem

AT_REST = frozenset({"succeeded", "failed", "cancelled", "interrupted"})
RECONNECT_AFTER_S = 1.0


class JobCalls(Connection):
    """Follow and control jobs."""

    def job(self, job_id: str) -> Json:
        """Describe a job."""
        return self._json("GET", f"/jobs/{job_id}")

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
        with self._http.stream("GET", f"/jobs/{job_id}/events", headers=headers) as answer:
            raise_for_problem(answer)
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

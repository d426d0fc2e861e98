"""Use a ModelFoundry server from Python; needs nothing but httpx.

Example:
    >>> client = Client("http://127.0.0.1:8000")
    >>> job = client.modularize("resnet20-cifar10", ["cat"], wait=True)
    >>> client.download(job["module_id"], "onnx", "cat.onnx")
"""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import httpx

Json = dict[str, Any]

AT_REST = frozenset({"succeeded", "failed", "cancelled", "interrupted"})
RECONNECT_AFTER_S = 1.0
POLL_S = 1.0
SILENCE_S = 60.0  # the server sends something at least every 15 s


class Fault(NamedTuple):
    """One thing wrong with a request; ``pointer`` is a JSON pointer into it."""

    pointer: str
    message: str


class ProblemError(Exception):
    """The server refused a request, or a job did not succeed.

    Attributes:
        status: HTTP status; 0 if no request was refused.
        faults: Everything that is wrong with the request.
    """

    def __init__(self, detail: str, *, status: int = 0, faults: Sequence[Fault] = ()) -> None:
        self.status = status
        self.faults = tuple(faults)
        super().__init__(detail)


class Client:
    """A connection to a server; answers are the JSON that the API documentation describes."""

    def __init__(
        self, url: str = "http://127.0.0.1:8000", *, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Prepare to talk to a server.

        Args:
            url: Where the server is.
            transport: How to reach it; over the network if absent.
        """
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1", timeout=SILENCE_S, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def cards(self, words: str = "", **filters: Any) -> Json:
        """Search module cards: facets, bounds, ``sort``, ``limit`` and ``cursor`` as filters."""
        return self._json("GET", "/cards", params={"q": words} | filters)

    def models(self) -> list[Json]:
        """List the trained networks."""
        return self._items("/models")

    def datasets(self) -> list[Json]:
        """List the data sets."""
        return self._items("/datasets")

    def algorithms(self, *, model: str | None = None, kind: str | None = None) -> list[Json]:
        """List the methods, with presets if a model is named."""
        given = {"model": model, "kind": kind}
        return self._items("/algorithms", **{k: v for k, v in given.items() if v is not None})

    def modularize(
        self,
        model: str,
        classes: Sequence[str] = (),
        *,
        group: str | None = None,
        random_classes: int | None = None,
        shots: int | None = None,
        target_seed: int = 0,
        kind: str | None = None,
        algorithm: str = "seam",
        preset: str | None = None,
        settings: Json | None = None,
        exports: Sequence[str] = (),
        idempotency_key: str | None = None,
        wait: bool = False,
    ) -> Json:
        """Cut the part of a model that knows some classes out as a module.

        Args:
            model: Name of a model.
            classes: One class for a binary target, several for a multi-class one.
            group: A named group of classes instead.
            random_classes: A number of classes to be drawn instead.
            shots: Training images to learn from per output; all if absent.
            target_seed: Decides which classes or images are drawn.
            kind: ``binary`` or ``multi-class``; inferred if absent.
            algorithm: Name of a method.
            preset: Named settings to start from; the method's first if absent.
            settings: Single settings that differ from the preset.
            exports: Files to write besides the usual ones: ``int8``.
            idempotency_key: Sending the same request twice under one key makes one job.
            wait: Return the job only once it has succeeded.

        Raises:
            ProblemError: The request has faults, or the awaited job did not succeed.
        """
        body = {
            "model": model,
            "target": {
                "classes": list(classes),
                "group": group,
                "random": None
                if random_classes is None
                else {"count": random_classes, "seed": target_seed},
                "shots": shots,
                "shots_seed": target_seed,
                "kind": kind,
            },
            "algorithm": algorithm,
            "preset": preset,
            "settings": settings or {},
            "exports": list(exports),
        }
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        job = self._json("POST", "/modularize", json=body, headers=headers)
        return self.wait(job["id"]) if wait else job

    def evaluate(
        self,
        *,
        model: str | None = None,
        module: str | None = None,
        dataset: str | None = None,
        wait: bool = False,
    ) -> Json:
        """Measure a model, or a module beside its original, on the test images of a data set.

        What was found is in :meth:`evaluations` once the job has succeeded.

        Args:
            model: Name of a model; or else name a module.
            module: Id of a module.
            dataset: The one that it was made with if absent.
            wait: Return the job only once it has succeeded.

        Raises:
            ProblemError: The request has faults, or the awaited job did not succeed.
        """
        body = {"model": model, "module": module, "dataset": dataset}
        job = self._json("POST", "/evaluate", json=body)
        return self.wait(job["id"]) if wait else job

    def evaluations(self, *, model: str | None = None, module: str | None = None) -> list[Json]:
        """List what was found of a model or a module, one for each data set, newest first."""
        subject = f"models/{model}" if module is None else f"modules/{module}"
        return self._items(f"/{subject}/evaluations")

    def sweep(
        self,
        models: Sequence[str],
        targets: Sequence[Json] | str = "every class",
        *,
        algorithm: str = "seam",
        preset: str | None = None,
        settings: Json | None = None,
        grid: dict[str, Sequence[Any]] | None = None,
        seeds: Sequence[int] = (),
        exports: Sequence[str] = (),
        dry_run: bool = False,
        idempotency_key: str | None = None,
        wait: bool = False,
    ) -> Json:
        """Cut modules out for every combination of models, targets, settings and seeds.

        Args:
            models: Names of models.
            targets: As in a single request, such as ``{"classes": ["cat"]}``; or ``every class``,
                or ``every group``.
            algorithm: Name of a method.
            preset: Named settings to start from; the method's first if absent.
            settings: Settings that differ from the preset in every member.
            grid: Settings to try several values of.
            seeds: Results are averaged over them.
            exports: Files to write of every module besides the usual ones: ``int8``.
            dry_run: Only check; return how many jobs there would be and how long they take.
            idempotency_key: Sending the same request twice under one key makes one sweep.
            wait: Return only once all members are over, with the table.

        Raises:
            ProblemError: The request has faults; all of all members are listed.
        """
        body = {
            "models": list(models),
            "targets": targets if isinstance(targets, str) else list(targets),
            "algorithm": algorithm,
            "preset": preset,
            "settings": settings or {},
            "grid": {name: list(values) for name, values in (grid or {}).items()},
            "seeds": list(seeds),
            "exports": list(exports),
        }
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        params = {"dry_run": True} if dry_run else {}
        made = self._json("POST", "/sweeps", json=body, headers=headers, params=params)
        return self.wait_for_sweep(made["id"]) if wait and not dry_run else made

    def sweeps(self, **page: Any) -> Json:
        """List sweeps, newest first; ``limit`` and ``cursor`` choose the page."""
        return self._json("GET", "/sweeps", params=page)

    def sweep_report(self, sweep_id: str) -> Json:
        """Describe a sweep, with its table: ``summaries`` of settings, and ``rows`` of members."""
        return self._json("GET", f"/sweeps/{sweep_id}")

    def cancel_sweep(self, sweep_id: str) -> Json:
        """Ask every member of a sweep to end."""
        return self._json("POST", f"/sweeps/{sweep_id}/cancel")

    def retry_sweep(self, sweep_id: str) -> Json:
        """Queue the members of a sweep again that did not succeed."""
        return self._json("POST", f"/sweeps/{sweep_id}/retry")

    def wait_for_sweep(self, sweep_id: str) -> Json:
        """Wait until all members of a sweep are over, and return it with its table."""
        while (report := self.sweep_report(sweep_id))["num_over"] < report["num_jobs"]:
            time.sleep(POLL_S)
        return report

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

    def modules(self, **page: Any) -> Json:
        """List modules, newest first; ``limit`` and ``cursor`` choose the page."""
        return self._json("GET", "/modules", params=page)

    def module(self, module_id: str) -> Json:
        """Describe a module."""
        return self._json("GET", f"/modules/{module_id}")

    def siblings(self, module_id: str) -> list[Json]:
        """List the other modules of the same model for the same target, newest first."""
        return self._items(f"/modules/{module_id}/siblings")

    def download(self, module_id: str, format: str, path: str | Path) -> Path:  # noqa: A002 - as in the API
        """Save one file of a module, or a ``zip`` of all, and check its sha256.

        Raises:
            ProblemError: There is no such file, or it was damaged on the way; nothing is saved.
        """
        destination = Path(path)
        partial = destination.with_name(destination.name + ".part")
        digest = hashlib.sha256()
        url = f"/modules/{module_id}/download"
        with self._http.stream("GET", url, params={"format": format}) as answer:
            _raise_for_problem(answer)
            with partial.open("wb") as file:
                for chunk in answer.iter_bytes():
                    digest.update(chunk)
                    file.write(chunk)
        if answer.headers["ETag"].strip('"') != digest.hexdigest():
            partial.unlink()
            raise ProblemError(f"{destination.name} was damaged on the way; download it again")
        return partial.replace(destination)

    def _stream(self, job_id: str, after: int) -> Iterator[Json]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        with self._http.stream("GET", f"/jobs/{job_id}/events", headers=headers) as answer:
            _raise_for_problem(answer)
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    def _items(self, path: str, **params: str) -> list[Json]:
        items: list[Json] = self._json("GET", path, params=params)["items"]
        return items

    def _json(self, method: str, path: str, **request: Any) -> Json:
        answer = self._http.request(method, path, **request)
        _raise_for_problem(answer)
        content: Json = answer.json()
        return content


def _raise_for_problem(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    answer.read()
    try:
        problem = answer.json()
    except ValueError:  # something in between answered, such as a proxy
        problem = {"detail": f"{answer.status_code} {answer.reason_phrase} from {answer.url}"}
    faults = [Fault(fault["pointer"], fault["message"]) for fault in problem.get("errors", [])]
    raise ProblemError(problem["detail"], status=answer.status_code, faults=faults)

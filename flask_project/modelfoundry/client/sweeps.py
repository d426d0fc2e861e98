"""Calls about sweeps: many modules asked for at once."""

import time
from collections.abc import Sequence
from typing import Any

from modelfoundry.client.connection import Connection, Json

POLL_S = 1.0


class SweepCalls(Connection):
    """Ask for sweeps, follow and control them."""

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
        made = self._submit("/sweeps", body, idempotency_key=idempotency_key, dry_run=dry_run)
        return self.wait_for_sweep(made["id"]) if wait and not dry_run else made

    def estimators(
        self,
        architectures: Sequence[str],
        dataset: str,
        subset_seeds: Sequence[int],
        *,
        dry_run: bool = False,
        idempotency_key: str | None = None,
        wait: bool = False,
        **settings: Any,
    ) -> Json:
        """Train a network of every architecture on every biased subset; they become one sweep.

        Args:
            architectures: Such as ``resnet20``, or ``simcnn-w0.25`` for a narrow SimCNN.
            dataset: Name of a data set.
            subset_seeds: Each draws a subset of the training images.
            dry_run: Only check; return how many jobs there would be and how long they take.
            idempotency_key: Sending the same request twice under one key makes one sweep.
            wait: Return only once all members are over, with the table.
            settings: What else the request takes, such as ``epochs`` or ``published``.

        Raises:
            ProblemError: The request has faults; all of all members are listed.
        """
        body = {
            "architectures": list(architectures),
            "dataset": dataset,
            "subset_seeds": list(subset_seeds),
        }
        made = self._submit(
            "/estimators", body | settings, idempotency_key=idempotency_key, dry_run=dry_run
        )
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

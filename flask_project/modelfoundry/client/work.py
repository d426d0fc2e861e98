"""Calls that ask for one piece of work, which becomes a job."""

from collections.abc import Sequence
from typing import Any

from modelfoundry.client.connection import Json
from modelfoundry.client.jobs import JobCalls


class WorkCalls(JobCalls):
    """Ask for work and, if wanted, wait for it."""

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
        job = self._submit("/modularize", body, idempotency_key=idempotency_key)
        return self.wait(job["id"]) if wait else job

    def train(
        self,
        name: str,
        architecture: str,
        dataset: str,
        *,
        subset_seed: int | None = None,
        idempotency_key: str | None = None,
        wait: bool = False,
        **settings: Any,
    ) -> Json:
        """Train a network on a data set; the result is a model.

        Args:
            name: Of the new model.
            architecture: Such as ``resnet20``, or ``simcnn-w0.25`` for a narrow SimCNN.
            dataset: Name of a data set.
            subset_seed: Train on a biased subset of the images; on all if absent.
            idempotency_key: Sending the same request twice under one key makes one job.
            wait: Return the job only once it has succeeded.
            settings: What else the request takes, such as ``epochs`` or ``published``.

        Raises:
            ProblemError: The request has faults, or the awaited job did not succeed.
        """
        subset = None if subset_seed is None else {"seed": subset_seed}
        body = {"name": name, "architecture": architecture, "dataset": dataset, "subset": subset}
        job = self._submit("/train", body | settings, idempotency_key=idempotency_key)
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
        job = self._submit("/evaluate", body)
        return self.wait(job["id"]) if wait else job

    def evaluations(self, *, model: str | None = None, module: str | None = None) -> list[Json]:
        """List what was found of a model or a module, one for each data set, newest first."""
        subject = f"models/{model}" if module is None else f"modules/{module}"
        return self._items(f"/{subject}/evaluations")

"""Calls about modules: list, inspect, download."""

import hashlib
from pathlib import Path
from typing import Any

from modelfoundry.client.connection import Connection, Json, ProblemError, raise_for_problem


class ModuleCalls(Connection):
    """List modules and fetch their files."""

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
            raise_for_problem(answer)
            with partial.open("wb") as file:
                for chunk in answer.iter_bytes():
                    digest.update(chunk)
                    file.write(chunk)
        if answer.headers["ETag"].strip('"') != digest.hexdigest():
            partial.unlink()
            raise ProblemError(f"{destination.name} was damaged on the way; download it again")
        return partial.replace(destination)

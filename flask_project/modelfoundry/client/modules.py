"""Calls about modules: list, inspect, download, verify."""

import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from modelfoundry.client.connection import TRIES, Connection, Json, ProblemError
from modelfoundry.client.download import fetch, sha256_of


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

        A download that breaks off goes on where it was, now or when it is asked for again: what
        is there already is kept beside the destination.

        Raises:
            ProblemError: There is no such file, or it was damaged on the way; nothing is saved.
            httpx.TransportError: The connection was lost too often; ask again to go on.
        """
        request = self._http.build_request(
            "GET", f"/modules/{module_id}/download", params={"format": format}
        )
        send = partial(self._send, stream=True)
        for tries in range(1, TRIES):
            try:
                return fetch(send, request, Path(path))
            except httpx.TransportError:
                self._sleep(2.0**tries)
        return fetch(send, request, Path(path))

    def predict(self, module_id: str, image: str | Path, *, original: bool = True) -> Json:
        """Have a module, and the network it was cut from, say what is on an image.

        Args:
            image: An image file.
            original: Ask what the module was cut from too, if the server keeps it.

        Raises:
            ProblemError: There is no such module, or the image cannot be read.
        """
        path = Path(image)
        return self._json(
            "POST",
            f"/modules/{module_id}/predict",
            params={"original": original},
            files={"file": (path.name, path.read_bytes())},
        )

    def verify(self, module_id: str, path: str | Path) -> list[str]:
        """Check that a file, or those of a folder or zip, are a module's; return their names.

        Raises:
            ProblemError: A file is missing, or is not what the server has.
        """
        name_by_hash = {file["sha256"]: file["name"] for file in self.module(module_id)["files"]}
        place = _opened(Path(path), module_id)
        files = [place / name for name in name_by_hash.values()] if place.is_dir() else [place]
        for file in files:
            if not file.is_file():
                raise ProblemError(f"{file} is missing; download the module again")
            if sha256_of(file) not in name_by_hash:
                raise ProblemError(f"{file} is not what {module_id} has; download it again")
        return [name_by_hash[sha256_of(file)] for file in files]


def _opened(path: Path, module_id: str) -> Path | zipfile.Path:
    """The folder of the module in a download of all its files; other paths stay as they are."""
    if path.suffix == ".zip" and zipfile.is_zipfile(path):
        return zipfile.Path(path) / module_id
    return path

"""Modules that come and go: check their files, send them out, take them in."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from modelfoundry.errors import UnreadableFileError, WrongStateError
from modelfoundry.export.hub import SCHEME, pull, push
from modelfoundry.export.manifest import verify_bundle
from modelfoundry.export.receiving import receive_bundle
from modelfoundry.jobs.bundles import module_of_bundle
from modelfoundry.jobs.manifest import BundleFile, Manifest
from modelfoundry.jobs.module_store import Module, ModuleStore
from modelfoundry.services.faults import faults_of
from modelfoundry.services.modules import ModuleService
from modelfoundry.settings import Home
from modelfoundry.storage import move_to_new_place, storage_errors, unfinished_folder

MAX_FAULTS_SHOWN = 3


class ExchangeService:
    """The use cases around files of modules that are copied between installations."""

    def __init__(self, home: Home, store: ModuleStore, modules: ModuleService) -> None:
        self._home = home
        self._store = store
        self._modules = modules

    def verify(self, module_id: str) -> list[BundleFile]:
        """Compare every file of a module with its hash; return the files, all as they were made.

        Raises:
            UnknownNameError: There is no such module.
            GoneError: A file is no longer on disk.
            UnreadableFileError: A file, or the manifest, was changed; names it.
        """
        module = self._modules.get(module_id)
        manifest = Manifest.model_validate(verify_bundle(self._modules.folder(module_id)))
        if manifest.files != module.manifest.files:
            raise UnreadableFileError(
                f"manifest.json of {module_id} was changed: it lists other hashes than when the "
                "module was made; make the module again"
            )
        return manifest.files

    def export(self, module_id: str, to: str) -> str:
        """Check a module's files and copy them into a folder, or to ``hf://user/name``.

        Returns:
            Where they are.

        Raises:
            UnknownNameError: There is no such module.
            GoneError: A file is no longer on disk.
            UnreadableFileError: A file was changed.
            StorageError: The copy cannot be written; nothing was left behind.
            EngineError: The library that reaches the hub is missing.
            DownloadError: The hub cannot be reached, or refuses.
        """
        self.verify(module_id)
        if to.startswith(SCHEME):
            return push(self._modules.folder(module_id), to)
        return str(self._modules.export(module_id, Path(to)))

    def receive(
        self, source: Path | str, *, origin: str | None = None, trusted: bool = False
    ) -> Module:
        """Take a module in from a folder, a ``.zip`` or ``hf://user/name``.

        Its measures are kept as they are stated; an evaluation measures it again here.

        Args:
            source: Where it is.
            origin: What to call that place; its name if absent.
            trusted: Whether to take ``module.pt2`` over, which may hold code. Without it the
                module cannot become part of a composition.

        Raises:
            UnreadableFileError: It is no module, or a file is not the one that was made.
            WrongStateError: A module of that id is here.
            StorageError: The disk is full; nothing was left behind.
            EngineError: The library that reaches the hub is missing.
            DownloadError: The hub cannot be reached, or refuses.
        """
        if isinstance(source, str) and source.startswith(SCHEME):
            with tempfile.TemporaryDirectory(dir=self._home.root) as folder:
                pull(source, Path(folder))
                return self.receive(Path(folder), origin=source, trusted=trusted)
        place = Path(source)
        with unfinished_folder(self._home.modules) as folder_:
            manifest = receive_bundle(place, folder_, origin=origin or place.name, trusted=trusted)
            module_id = str(manifest["id"])
            _check_manifest(module_id, manifest)
            with storage_errors(self._home.modules):
                try:
                    move_to_new_place(folder_, self._home.modules / module_id)
                except FileExistsError as taken:
                    raise WrongStateError(
                        f"the module {module_id} is here already; delete it first"
                    ) from taken
        self._store.put(module_of_bundle(self._home.modules / module_id, job_id=None))
        return self._store.get(module_id)


def _check_manifest(module_id: str, manifest: Mapping[str, Any]) -> None:
    try:
        Manifest.model_validate(manifest)
    except ValidationError as error:
        faults = faults_of(error)
        rest = len(faults) - MAX_FAULTS_SHOWN
        more = [f"and {rest:,} more like these"] if rest > 0 else []
        raise UnreadableFileError(
            f"the manifest of {module_id} is not one that this version takes: "
            f"{'; '.join([*map(str, faults[:MAX_FAULTS_SHOWN]), *more])}; export the module again"
        ) from error

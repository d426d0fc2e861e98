"""Bring the list of modules and the bundle folders on disk together."""

import logging
from pathlib import Path

from pydantic import ValidationError

from modelfoundry.errors import ModelFoundryError, UnreadableFileError
from modelfoundry.export.manifest import read_manifest
from modelfoundry.jobs.manifest import Manifest
from modelfoundry.jobs.module_store import Module, ModuleStore
from modelfoundry.jobs.processes import this_process
from modelfoundry.settings import Home
from modelfoundry.storage import remove_unfinished

logger = logging.getLogger(__name__)


def module_of_bundle(folder: Path, *, job_id: str | None) -> Module:
    """Describe a bundle on disk.

    Raises:
        GoneError: There is no bundle.
        UnreadableFileError: Its manifest is not one that is understood here.
    """
    try:
        manifest = Manifest.model_validate(read_manifest(folder))
    except ValidationError as error:
        raise UnreadableFileError(
            f"the manifest in {folder} is not of this version "
            f"({error.error_count()} entries differ); make the module again"
        ) from error
    return Module(
        id=folder.name,
        title=manifest.title,
        job_id=job_id,
        created_at=manifest.created_at,
        size_bytes=sum(file.size_bytes for file in manifest.files),
        manifest=manifest,
    )


def adopt_bundles(home: Home, store: ModuleStore) -> None:
    """List the bundles on disk that no job has reported, such as after a crash.

    A module whose bundle is gone stays listed: a download then says that its files are gone. One
    that another version has made is taken off the list, with a warning.
    """
    store.forget_unreadable()
    listed = {module.id for module in store.all()}
    for folder in sorted(home.modules.glob("[!.]*/")):
        if folder.name not in listed:
            try:
                store.put(module_of_bundle(folder, job_id=None))
            except ModelFoundryError as error:
                logger.warning("%s is not a usable bundle: %s", folder, error)


def remove_abandoned(home: Home) -> None:
    """Delete what processes that died before this one began left half written."""
    began = this_process("runner").started
    for parent in (home.modules, home.models, home.datasets, home.uploads):
        remove_unfinished(parent, made_before=began)

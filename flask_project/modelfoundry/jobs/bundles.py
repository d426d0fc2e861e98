"""Bring the list of modules and the bundle folders on disk together."""

import logging
import shutil
import time
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from modelfoundry.errors import ModelFoundryError
from modelfoundry.export.manifest import Manifest, read_manifest
from modelfoundry.jobs.module_store import Module, ModuleStore
from modelfoundry.settings import Home
from modelfoundry.storage import UNFINISHED_PREFIX

ABANDONED_AFTER_S = 3600

logger = logging.getLogger(__name__)


class Named(BaseModel):
    """A model or data set as a manifest names it."""

    name: str
    title: str


class TargetFacts(BaseModel):
    """The problem that a module solves."""

    kind: str
    classes: tuple[str, ...]


class MeasureFacts(BaseModel):
    """What the catalogue shows of one side's measures; accuracies and ratios are 0-1."""

    accuracy_test: float
    retained_ratio: float
    file_size_bytes: int


class BothMeasures(BaseModel):
    """Measures of the whole model and of the module."""

    original: MeasureFacts
    module: MeasureFacts


class FileFacts(BaseModel):
    """One file of a bundle."""

    name: str
    format: str
    size_bytes: int
    sha256: str


class ManifestFacts(BaseModel):
    """The part of a manifest that lists, searches and downloads rely on."""

    id: str
    title: str
    created_at: datetime
    algorithm: str
    target: TargetFacts
    model: Named
    dataset: Named
    measures: BothMeasures
    files: list[FileFacts]

    @classmethod
    def of(cls, manifest: Manifest) -> "ManifestFacts":
        """Read the facts; raises pydantic's ``ValidationError`` if some are missing."""
        return cls.model_validate(manifest)


def module_of_bundle(folder: Path, *, job_id: str | None) -> Module:
    """Describe a bundle on disk.

    Raises:
        GoneError: There is no bundle.
        UnreadableFileError: Its manifest is not one that is understood here.
    """
    manifest = read_manifest(folder)
    facts = ManifestFacts.of(manifest)
    return Module(
        id=folder.name,
        title=facts.title,
        job_id=job_id,
        created_at=facts.created_at,
        size_bytes=sum(file.size_bytes for file in facts.files),
        manifest=manifest,
    )


def adopt_bundles(home: Home, store: ModuleStore) -> None:
    """List the bundles on disk that no job has reported, such as after a crash.

    A module whose bundle is gone stays listed: a download then says that its files are gone.
    """
    listed = {module.id for module in store.all()}
    for folder in sorted(home.modules.glob("[!.]*/")):
        if folder.name not in listed:
            try:
                store.put(module_of_bundle(folder, job_id=None))
            except (ModelFoundryError, ValidationError) as error:
                logger.warning("%s is not a usable bundle: %s", folder, error)


def remove_abandoned(home: Home) -> None:
    """Delete what a killed process left half written."""
    for parent in (home.modules, home.models, home.datasets):
        for folder in parent.glob(f"{UNFINISHED_PREFIX}*"):
            if time.time() - folder.stat().st_mtime > ABANDONED_AFTER_S:
                shutil.rmtree(folder, ignore_errors=True)

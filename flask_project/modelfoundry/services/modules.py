"""List modules, hand out their files, delete them."""

import hashlib
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from pydantic import ValidationError

from modelfoundry.errors import GoneError, StorageError, UnreadableFileError, WrongStateError
from modelfoundry.evaluation.graph import ModuleGraph
from modelfoundry.evaluation.results import Evaluation, delete_evaluations, list_evaluations
from modelfoundry.export.manifest import FILE_BY_FORMAT, MANIFEST_NAME
from modelfoundry.jobs.bundles import module_of_bundle
from modelfoundry.jobs.manifest import BundleFile
from modelfoundry.jobs.module_store import Module, ModulePage, ModuleStore
from modelfoundry.jobs.store import JobStore
from modelfoundry.services.module_uses import ModuleUses, composed_of, jobs_in_need_of
from modelfoundry.settings import Home
from modelfoundry.storage import remove_folder, sha256_of_file, whole_folder

Format = Literal[
    "safetensors", "onnx", "pt2", "int8", "graph", "config", "manifest", "readme", "zip"
]


@dataclass(frozen=True)
class Download:
    """A file to send; ``content`` is a path, or an open file for what is packed on request."""

    content: Path | IO[bytes]
    name: str
    sha256: str


class ModuleService:
    """The use cases around modules. Paths are built from listed ids alone."""

    def __init__(self, home: Home, store: ModuleStore, jobs: JobStore) -> None:
        self._home = home
        self._store = store
        self._jobs = jobs

    def get(self, module_id: str) -> Module:
        """Fetch a module; raises ``UnknownNameError``."""
        return self._store.get(module_id)

    def page(self, *, cursor: str | None = None, limit: int = 24) -> ModulePage:
        """List modules, newest first."""
        return self._store.page(cursor=cursor, limit=limit)

    def siblings(self, module_id: str) -> list[Module]:
        """List the other modules of the same model for the same target, newest first.

        Raises:
            UnknownNameError: There is no such module.
        """
        wanted = _lineage(self._store.get(module_id))
        return [
            module
            for module in self._store.all()
            if module.id != module_id and _lineage(module) == wanted
        ]

    def read_anew(self, module_id: str) -> Module:
        """List a module as its bundle describes it now, after the bundle was changed."""
        listed = self._store.get(module_id)
        self._store.put(module_of_bundle(self.folder(module_id), job_id=listed.job_id))
        return self._store.get(module_id)

    def folder(self, module_id: str) -> Path:
        """Locate a listed module's bundle; raises ``UnknownNameError``."""
        return self._home.modules / self._store.get(module_id).id

    def uses(self, module_id: str) -> ModuleUses:
        """Find what refers to a module; raises ``UnknownNameError``."""
        unfinished = [*self._jobs.in_state("running"), *self._jobs.in_state("queued")]
        return ModuleUses(
            jobs=jobs_in_need_of(self._store.get(module_id).id, unfinished),
            modules=composed_of(module_id, self._store.all()),
            num_evaluations=len(self.evaluations(module_id)),
        )

    def delete(self, module_id: str) -> None:
        """Delete a module, its files and what was found of it.

        Raises:
            UnknownNameError: There is none.
            WrongStateError: A job that is queued or running needs it; names the jobs.
            StorageError: Its files cannot be deleted; it stays listed.
        """
        if needed_by := self.uses(module_id).jobs:
            raise WrongStateError(
                f"{module_id} is needed by {', '.join(f'job {job.id}' for job in needed_by)}; wait "
                "for their end or cancel them, then delete it"
            )
        remove_folder(self.folder(module_id))
        delete_evaluations(self._home, "module", module_id)
        self._store.delete(module_id)

    def evaluations(self, module_id: str) -> list[Evaluation]:
        """List what was found of a module, newest first; raises ``UnknownNameError``."""
        return list_evaluations(self._home, "module", self._store.get(module_id).id)

    def graph(self, module_id: str) -> ModuleGraph:
        """Read the graphs of a module and of its original.

        Raises:
            UnknownNameError: There is no such module.
            GoneError: It was made without them, or its files are no longer on disk.
            UnreadableFileError: The file does not hold graphs.
        """
        name = FILE_BY_FORMAT["graph"]
        path = _present(self.folder(module_id) / name)
        try:
            return ModuleGraph.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise UnreadableFileError(
                f"{name} of module {module_id} does not hold two graphs; make the module again"
            ) from error

    def export(self, module_id: str, destination: Path) -> Path:
        """Copy a module's files into a folder of its own under ``destination``, and return it.

        An earlier copy of the same module is replaced.

        Raises:
            UnknownNameError: There is no such module.
            GoneError: Its files are no longer on disk.
            StorageError: The copy cannot be written; nothing was left behind.
        """
        folder = self.folder(module_id)
        _present(folder / MANIFEST_NAME)
        target = destination / module_id
        with whole_folder(target) as copy:
            shutil.copytree(folder, copy, dirs_exist_ok=True)
            if target.exists():
                shutil.rmtree(target)
        return target

    def download(self, module_id: str, wanted: Format) -> Download:
        """Find or pack one file of a module.

        Raises:
            UnknownNameError: There is no such module.
            GoneError: The module is listed but the file is no longer on disk.
            StorageError: There is no room to pack the archive.
        """
        module = self._store.get(module_id)
        folder = self._home.modules / module.id
        files = module.manifest.files
        if wanted == "zip":
            return self._pack(module, folder, files)
        if wanted == "manifest":
            path = _present(folder / MANIFEST_NAME)
            return Download(path, f"{module.id}.manifest.json", sha256_of_file(path))
        file = next((file for file in files if file.format == wanted), None)
        if file is None:
            raise GoneError(
                f"module {module.id} has no {wanted} file; make the module again, or for int8: "
                f"modelfoundry modules quantize {module.id}"
            )
        path = _present(folder / Path(file.name).name)
        return Download(path, f"{module.id}{''.join(path.suffixes)}", file.sha256)

    def _pack(self, module: Module, folder: Path, files: list[BundleFile]) -> Download:
        names = [MANIFEST_NAME, *(Path(file.name).name for file in files)]
        paths = [_present(folder / name) for name in names]
        try:
            self._home.uploads.mkdir(parents=True, exist_ok=True)
            packed = tempfile.TemporaryFile(dir=self._home.uploads)  # noqa: SIM115 - sent, then closed
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
                for path in paths:
                    archive.write(path, f"{module.id}/{path.name}")
        except OSError as error:
            raise StorageError(f"cannot pack {module.id}: {error.strerror}") from error
        packed.seek(0)
        digest = hashlib.file_digest(packed, "sha256").hexdigest()
        packed.seek(0)
        return Download(packed, f"{module.id}.zip", digest)


def _lineage(module: Module) -> tuple[object, ...]:
    """Say what two modules must have in common to be compared."""
    facts = module.manifest
    return (
        facts.model.weights_sha256,
        facts.dataset.content_sha256,
        facts.target.kind,
        frozenset(facts.target.classes),
    )


def _present(path: Path) -> Path:
    if not path.is_file():
        raise GoneError(f"{path.name} of module {path.parent.name} is gone; make the module again")
    return path

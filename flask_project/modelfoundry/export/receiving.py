"""Take in a bundle that was made elsewhere: every file is compared with its hash.

What a stranger has written is read with care: paths come from our own list of files, sizes are
capped before anything is copied, and ``module.pt2``, which can hold code, is taken over only from
somebody who is trusted.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from modelfoundry.archives import open_zip
from modelfoundry.errors import UnreadableFileError, quoted
from modelfoundry.export.manifest import FILE_BY_FORMAT, MANIFEST_NAME, Manifest, parse_manifest
from modelfoundry.export.onnx_safety import check_onnx
from modelfoundry.storage import storage_errors, write_durably

MAX_DOCUMENT_BYTES = 32 * 2**20  # of what is read whole: manifest, graph, README
MAX_NETWORK_BYTES = 4 * 2**30
MAX_FILES = 1000
COPY_BYTES = 2**20
ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
NEEDED = ("safetensors", "onnx")
NETWORKS = ("safetensors", "onnx", "pt2", "int8")
HOLDS_CODE = "pt2"

Openers = Mapping[str, Callable[[], IO[bytes]]]


def receive_bundle(source: Path, folder: Path, *, origin: str, trusted: bool = False) -> Manifest:
    """Copy a bundle into an empty folder, and note in its manifest where it came from.

    Args:
        source: A folder, or a ``.zip`` of one.
        folder: Empty; on an error something may be left in it.
        origin: Where the bundle came from, for people.
        trusted: Whether to take ``module.pt2`` over, which the program would run.

    Returns:
        The manifest as written; its fields beyond id and files are as unchecked as they came.

    Raises:
        UnreadableFileError: It is no bundle, is incomplete, or a file is not the one its manifest
            was written for; names the file.
        StorageError: The disk is full.
    """
    with _openers(source) as openers, storage_errors(folder):
        manifest = _read_manifest(source.name, openers)
        kept = [
            file
            for file in _listed_files(source.name, manifest)
            if trusted or file["format"] != HOLDS_CODE
        ]
        for file in kept:
            _copy(source.name, openers, file, folder)
        check_onnx(folder / FILE_BY_FORMAT["onnx"])
        imported = {"source": origin, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        written = manifest | {"files": kept, "imported": imported}
        content = json.dumps(written, indent=2, ensure_ascii=False).encode()
        write_durably(folder / MANIFEST_NAME, content)
    return written


@contextmanager
def _openers(source: Path) -> Iterator[Openers]:
    """Yield how to open each file beside the manifest, by its name."""
    if source.is_dir():
        yield {path.name: _opener(path) for path in source.iterdir() if path.is_file()}
        return
    with open_zip(
        source, max_entries=MAX_FILES, otherwise="neither a folder nor a .zip"
    ) as archive:
        members = {PurePosixPath(name): name for name in archive.namelist()}
        tops = [path.parent for path in members if path.name == MANIFEST_NAME]
        top = min(tops, key=lambda path: len(path.parts), default=None)
        yield {
            path.name: partial(archive.open, name)
            for path, name in members.items()
            if path.parent == top
        }


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _read_manifest(name: str, openers: Openers) -> Manifest:
    if MANIFEST_NAME not in openers:
        raise UnreadableFileError(
            f"{name} holds no {MANIFEST_NAME}; choose the folder of an exported module, or a .zip "
            "of it"
        )
    with _damage(name), openers[MANIFEST_NAME]() as stream:
        content = stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(content) > MAX_DOCUMENT_BYTES:
        raise UnreadableFileError(f"{MANIFEST_NAME} in {name} is no manifest: it is far too long")
    manifest = parse_manifest(content, name=f"{MANIFEST_NAME} in {name}")
    if not ID_PATTERN.fullmatch(str(manifest.get("id"))):
        raise UnreadableFileError(
            f"{MANIFEST_NAME} in {name} has the id {quoted(manifest.get('id'))}, which no module "
            "has; export the module again"
        )
    return manifest


def _listed_files(name: str, manifest: Manifest) -> list[dict[str, Any]]:
    """Check the list of files in a manifest against what a module can hold."""
    files = manifest.get("files")
    if not isinstance(files, list):
        raise UnreadableFileError(f"{MANIFEST_NAME} in {name} lists no files")
    for file in files:
        if not (isinstance(file, dict) and file.get("name") == FILE_BY_FORMAT.get(_format(file))):
            raise UnreadableFileError(
                f"{MANIFEST_NAME} in {name} lists {quoted(file)}, which is no file of a module"
            )
    found = {_format(file) for file in files}
    if len(found) < len(files):
        raise UnreadableFileError(f"{MANIFEST_NAME} in {name} lists a file more than once")
    missing = set(NEEDED) - found
    if missing:
        raise UnreadableFileError(
            f"{name} has no {FILE_BY_FORMAT[min(missing)]}; export the module again"
        )
    return files


def _format(file: Mapping[str, Any]) -> str:
    return str(file.get("format"))


def _copy(name: str, openers: Openers, file: Mapping[str, Any], folder: Path) -> None:
    """Copy one file of the list, and refuse it if it is another than was listed."""
    file_name = str(file["name"])
    if file_name not in openers:
        raise UnreadableFileError(f"{name} has no {file_name}, which its manifest lists")
    most_bytes = MAX_NETWORK_BYTES if _format(file) in NETWORKS else MAX_DOCUMENT_BYTES
    digest, size_bytes = hashlib.sha256(), 0
    with _damage(name), openers[file_name]() as stream, (folder / file_name).open("wb") as copy:
        while content := stream.read(COPY_BYTES):
            size_bytes += len(content)
            if size_bytes > most_bytes:
                raise UnreadableFileError(
                    f"{file_name} in {name} is longer than the {most_bytes:,} bytes that are taken"
                )
            digest.update(content)
            copy.write(content)
    if digest.hexdigest() != file.get("sha256"):
        raise UnreadableFileError(
            f"{file_name} in {name} was changed: its sha256 is {digest.hexdigest()}, the manifest "
            f"says {quoted(file.get('sha256'))}; get the module again"
        )
    if file.get("size_bytes") != size_bytes:
        raise UnreadableFileError(
            f"{file_name} in {name} has {size_bytes:,} bytes, the manifest says "
            f"{quoted(file.get('size_bytes'))}; get the module again"
        )


@contextmanager
def _damage(name: str) -> Iterator[None]:
    """Turn what zipfile raises for damaged and encrypted archives into an error of ours."""
    try:
        yield
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise UnreadableFileError(f"{name} is damaged: {error}; get it again") from error

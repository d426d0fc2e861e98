"""Read a bundle's manifest and check its files; no torch, the web process uses it."""

import json
from pathlib import Path
from typing import Any

from modelfoundry.errors import GoneError, UnreadableFileError, quoted
from modelfoundry.storage import sha256_of_file

FORMAT_VERSION = 3
MANIFEST_NAME = "manifest.json"

# What a bundle holds besides its manifest: name of the file, by format; int8 only on request.
FILE_BY_FORMAT = {
    "safetensors": "module.safetensors",
    "onnx": "module.onnx",
    "pt2": "module.pt2",
    "int8": "module.int8.onnx",
    "graph": "graph.json",
    "config": "config.json",
    "readme": "README.md",
}

Manifest = dict[str, Any]


def read_manifest(folder: Path) -> Manifest:
    """Read ``manifest.json`` of a bundle.

    Raises:
        GoneError: The bundle is no longer on disk.
        UnreadableFileError: The file is not a manifest of a version known here.
    """
    path = folder / MANIFEST_NAME
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise GoneError(f"{path} is no longer on disk; make the module again") from missing
    return parse_manifest(content, name=str(path))


def parse_manifest(content: bytes, *, name: str) -> Manifest:
    """Read what stands in a ``manifest.json``.

    Args:
        content: Of the file.
        name: What to call the file in a message.

    Raises:
        UnreadableFileError: It is not a manifest of a version known here.
    """
    try:
        manifest = json.loads(content)
        json.dumps(manifest, allow_nan=False)  # NaN is read, but no browser could read it again
    except (ValueError, RecursionError) as broken:
        raise UnreadableFileError(
            f"{name} is not JSON: {broken}; make the module again"
        ) from broken
    version = manifest.get("format_version") if isinstance(manifest, dict) else None
    if version != FORMAT_VERSION:
        raise UnreadableFileError(
            f"{name} has format version {quoted(version)}; this version reads {FORMAT_VERSION}"
        )
    found: Manifest = manifest
    return found


def verify_bundle(folder: Path) -> Manifest:
    """Compare every file of a bundle with the sha256 in its manifest, and return the manifest.

    Raises:
        GoneError: A file is no longer on disk.
        UnreadableFileError: A file is not the one that was written; names the file.
    """
    manifest = read_manifest(folder)
    for file in manifest["files"]:
        path = folder / file["name"]
        if not path.is_file():
            raise GoneError(f"{path} is no longer on disk; make the module again")
        found = sha256_of_file(path)
        if found != file["sha256"]:
            raise UnreadableFileError(
                f"{path} was changed: its sha256 is {found}, the manifest says {file['sha256']}; "
                "make the module again"
            )
    return manifest

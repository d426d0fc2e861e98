"""The last step of writing or changing a bundle: README, list of files, manifest, and its name."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from modelfoundry.export.hub import hub_config
from modelfoundry.export.manifest import (
    FILE_BY_FORMAT,
    MANIFEST_NAME,
    Manifest,
    read_manifest,
)
from modelfoundry.export.model_card import model_card
from modelfoundry.storage import (
    move_into_place,
    sha256_of_file,
    storage_errors,
    unfinished_folder,
    write_durably,
)


@dataclass(frozen=True)
class Amendment:
    """A bundle in the middle of a change.

    Attributes:
        folder: A copy of the bundle's files, to add to.
        manifest: What the bundle says of itself, to change.
    """

    folder: Path
    manifest: Manifest


def put_in_place(folder: Path, manifest: Manifest, bundle: Path) -> None:
    """Write README, config and manifest into a folder and make it the bundle, in one step.

    Args:
        folder: Beside ``bundle``, with every network file in it.
        manifest: Complete but for its list of files, which is added.
        bundle: Where the folder will be; a bundle that is already there is replaced.

    Raises:
        StorageError: The disk is full or cannot be written; the earlier bundle, if any, is as it
            was.
    """
    with storage_errors(bundle.parent):
        write_durably(folder / FILE_BY_FORMAT["readme"], model_card(manifest).encode())
        config = json.dumps(hub_config(manifest), indent=2, ensure_ascii=False).encode()
        write_durably(folder / FILE_BY_FORMAT["config"], config)
        manifest["files"] = [
            _describe_file(folder / name, name_of_format)
            for name_of_format, name in FILE_BY_FORMAT.items()
            if (folder / name).exists()
        ]
        content = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
        write_durably(folder / MANIFEST_NAME, content)
        move_into_place(folder, bundle)


@contextmanager
def amended(bundle: Path) -> Iterator[Amendment]:
    """Yield a copy of a bundle that takes its place when the block ends well.

    Raises:
        GoneError: The bundle is no longer on disk.
        UnreadableFileError: Its manifest is not understood.
        StorageError: The disk is full or cannot be written; the bundle is as it was.
    """
    manifest = read_manifest(bundle)
    with unfinished_folder(bundle.parent) as folder:
        with storage_errors(bundle.parent):
            shutil.copytree(bundle, folder, dirs_exist_ok=True)
        yield Amendment(folder, manifest)
        put_in_place(folder, manifest, bundle)


def _describe_file(path: Path, name_of_format: str) -> dict[str, JsonValue]:
    return {
        "name": path.name,
        "format": name_of_format,
        "size_bytes": path.stat().st_size,
        "sha256": sha256_of_file(path),
    }

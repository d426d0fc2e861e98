"""Modules as repositories of the Hugging Face hub: what the hub reads, sending and fetching.

A bundle's folder is laid out as the hub wants it: ``README.md`` with front matter, ``config.json``,
weights and ONNX files. The hub itself is reached through ``huggingface_hub`` alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modelfoundry.errors import DownloadError, EngineError, InvalidInputError
from modelfoundry.export.manifest import FILE_BY_FORMAT, MANIFEST_NAME, Manifest

SCHEME = "hf://"


def hub_config(manifest: Manifest) -> dict[str, Any]:
    """Say in the hub's words what the network takes and gives: the content of ``config.json``."""
    _, channels, height, width = manifest["input"]["shape"]
    outputs = manifest["target"]["outputs"]
    return {
        "model_type": "modelfoundry",
        "architectures": [manifest["model"]["architecture"]],
        "num_channels": channels,
        "image_size": [height, width],
        "num_labels": len(outputs),
        "id2label": {str(label): name for label, name in enumerate(outputs)},
        "label2id": {name: label for label, name in enumerate(outputs)},
        "torch_dtype": "float32",
        "problem_type": "single_label_classification",
    }


def repository_of(address: str) -> str:
    """Read ``user/name`` from ``hf://user/name``.

    Raises:
        InvalidInputError: The address has another form.
    """
    repository = address.removeprefix(SCHEME).strip("/")
    if not address.startswith(SCHEME) or repository.count("/") != 1:
        raise InvalidInputError.of("/to", f"{address!r} names no repository; write hf://user/name")
    return repository


def push(bundle: Path, address: str) -> str:
    """Send a bundle to a repository of the hub, which is made if needed; return where it is.

    Raises:
        InvalidInputError: The address is not of the form ``hf://user/name``.
        EngineError: The library is missing.
        DownloadError: The hub cannot be reached, or refuses; says what to do instead.
    """
    repository = repository_of(address)
    with _hub_errors(f"export it to a folder with --to FOLDER, and send that to {repository}"):
        from huggingface_hub import HfApi  # noqa: PLC0415 - an optional extra

        hub = HfApi()
        hub.create_repo(repository, exist_ok=True)
        sent = hub.upload_folder(
            folder_path=bundle, repo_id=repository, commit_message="Export from ModelFoundry"
        )
    return str(sent)


def pull(address: str, folder: Path) -> None:
    """Fetch the files of a bundle from a repository of the hub.

    Raises:
        InvalidInputError: The address is not of the form ``hf://user/name``.
        EngineError: The library is missing.
        DownloadError: The hub cannot be reached, or refuses; says what to do instead.
    """
    repository = repository_of(address)
    wanted = [MANIFEST_NAME, *FILE_BY_FORMAT.values()]
    with _hub_errors(f"download {repository} elsewhere and import the folder"):
        from huggingface_hub import snapshot_download  # noqa: PLC0415 - an optional extra

        snapshot_download(repository, local_dir=folder, allow_patterns=wanted)


@contextmanager
def _hub_errors(instead: str) -> Iterator[None]:
    try:
        # Whichever library it speaks HTTP with; only its users are told of this name.
        from huggingface_hub.utils import httpx  # type: ignore[attr-defined]  # noqa: PLC0415
    except ImportError as error:
        raise EngineError(
            "the hub is reached through huggingface_hub, which is missing; install it with: pip "
            f"install 'modelfoundry[hub]'; or {instead}"
        ) from error
    try:
        yield
    except (OSError, ValueError, httpx.HTTPError) as error:
        raise DownloadError(
            f"the hub cannot be reached or has refused ({error}); log in with `hf auth login` and "
            f"try again, or {instead}"
        ) from error

"""Whole networks kept as ONNX files, so that they can be tried beside their modules; no torch."""

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from modelfoundry.cards import ModelCard
from modelfoundry.errors import GoneError
from modelfoundry.settings import Home
from modelfoundry.storage import (
    move_into_place,
    storage_errors,
    unfinished_folder,
    write_durably,
)

NETWORK_FILE = "network.onnx"
FACTS_FILE = "network.json"
KEY_DIGITS = 32


class KeptNetwork(BaseModel):
    """What is known of a kept network; images in 0-1 go in, logits come out.

    Attributes:
        key: Names what the network computes; equal for equal weights.
        outputs: What each output stands for.
        input_shape: ``(C, H, W)`` of one image.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    title: str
    outputs: tuple[str, ...]
    input_shape: tuple[int, int, int]
    size_bytes: int


def network_key(card: ModelCard) -> str:
    """Name what a model computes: its weights, their architecture, and how images enter it."""
    facts = [
        card.architecture,
        card.weights_sha256,
        list(card.input_shape),
        list(card.mean),
        list(card.std),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:KEY_DIGITS]


def network_path(home: Home, key: str) -> Path:
    """Tell where the ONNX file of a key is, or would be."""
    return home.networks / key / NETWORK_FILE


def keep_network(home: Home, card: ModelCard, onnx: bytes) -> Path:
    """Keep a model's network, and return its file.

    Raises:
        StorageError: The disk is full or cannot be written; nothing of it is left.
    """
    key = network_key(card)
    facts = KeptNetwork(
        key=key,
        title=card.title,
        outputs=card.classes,
        input_shape=card.input_shape,
        size_bytes=len(onnx),
    )
    with unfinished_folder(home.networks) as folder, storage_errors(home.networks):
        write_durably(folder / NETWORK_FILE, onnx)
        write_durably(folder / FACTS_FILE, facts.model_dump_json(indent=2).encode())
        move_into_place(folder, home.networks / key)
    return network_path(home, key)


def find_network(home: Home, key: str) -> KeptNetwork:
    """Describe a kept network.

    Raises:
        GoneError: It is not kept, or no longer.
    """
    path = home.networks / Path(key).name / FACTS_FILE
    try:
        return KeptNetwork.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise GoneError(
            f"no network is kept under {key!r}; have it written again: "
            "POST /api/v1/models/NAME/network, or modelfoundry predict NAME IMAGE"
        ) from error

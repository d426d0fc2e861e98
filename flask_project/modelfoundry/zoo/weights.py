"""Verified weights into a network, and a network into a model folder."""

import hashlib
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from modelfoundry.cards import ArchitectureCard, ModelCard
from modelfoundry.errors import GoneError, UnreadableFileError
from modelfoundry.nn.cost import count_parameters
from modelfoundry.settings import Home
from modelfoundry.zoo.build import build_network, network_without_weights
from modelfoundry.zoo.store import WEIGHTS_FILE, write_model


def load_weights(card: ModelCard, folder: Path, architecture: ArchitectureCard) -> nn.Module:
    """Rebuild a trained network, on the CPU and in eval mode.

    Draws no random numbers, so it changes nothing that is seeded.

    Raises:
        GoneError: The weights file has been deleted.
        UnreadableFileError: The file is not the one that the card was written for.
    """
    path = folder / WEIGHTS_FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise GoneError(
            f"the weights of {card.name!r} are gone from {path}; import or train the model again"
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != card.weights_sha256:
        raise UnreadableFileError(
            f"{path} is truncated or was changed: its sha256 is {found}, the model's card says "
            f"{card.weights_sha256}; import or train {card.name!r} again"
        )
    try:
        network = _with_weights(architecture, len(card.classes), load(content))
    except (RuntimeError, SafetensorError) as error:
        raise UnreadableFileError(f"{path} does not fit {architecture.name}: {error}") from error
    return network.eval()


def _with_weights(
    architecture: ArchitectureCard, num_classes: int, state: dict[str, Tensor]
) -> nn.Module:
    network = network_without_weights(architecture, num_classes)
    network.load_state_dict(state, assign=True)
    if any(buffer.is_meta for buffer in network.buffers()):
        # Some networks calculate a part of themselves when they are made, and never save it.
        with torch.random.fork_rng(devices=[]):
            network = build_network(architecture, num_classes)
        network.load_state_dict(state)
    return network


def save_model(home: Home, card: ModelCard, network: nn.Module) -> ModelCard:
    """Store a trained network as a new model of the home, whole or not at all.

    Returns:
        The card as stored: with the hash of the weights and the number of parameters.

    Raises:
        StorageError: The disk is full or cannot be written.
        WrongStateError: The name has been taken meanwhile.
    """
    counted = card.model_copy(update={"num_parameters": count_parameters(network)})
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    return write_model(home, counted, save(state))

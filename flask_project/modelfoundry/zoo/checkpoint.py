"""Read a checkpoint of unknown make and rewrite it as weights of a known architecture."""

import pickle
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save
from torch import Tensor

from modelfoundry.cards import ArchitectureCard
from modelfoundry.errors import InvalidInputError, StorageError
from modelfoundry.nn.cost import count_parameters
from modelfoundry.zoo.build import network_without_weights
from modelfoundry.zoo.dialects import (
    IGNORED_SUFFIX,
    Mismatch,
    Shape,
    compare,
    is_auxiliary,
    our_name,
)
from modelfoundry.zoo.sandbox import ConversionReport, ConversionRequest

# What training scripts put the state dict under.
WRAPPER_KEYS = ("state_dict", "model_state_dict", "model", "net")

State = dict[str, Tensor]


def convert(request: ConversionRequest) -> ConversionReport:
    """Read, identify, check and rewrite one checkpoint.

    Raises:
        InvalidInputError: The file is readable but not weights of any architecture offered.
        StorageError: The destination cannot be written.
    """
    state = find_state(read_checkpoint(request.source))
    if not request.architectures:
        _write({key: value.float().contiguous() for key, value in state.items()}, request)
        return ConversionReport(
            architecture="", num_parameters=sum(value.numel() for value in state.values())
        )
    architecture, weights = fit(state, request.architectures, num_classes=request.num_classes)
    network = network_without_weights(architecture, request.num_classes).eval()
    images = torch.empty(1, *request.input_shape, device="meta")
    try:
        network(images)
    except RuntimeError as error:
        raise _refused(
            f"{architecture.name} takes images of shape {architecture.input_shape}, the data set "
            f"has {request.input_shape}; choose the data set the weights were trained on"
        ) from error
    _write(weights, request)
    return ConversionReport(
        architecture=architecture.name,
        num_parameters=count_parameters(network),
    )


def _write(weights: State, request: ConversionRequest) -> None:
    broken = [key for key, value in weights.items() if not torch.isfinite(value).all()]
    if broken:
        raise _refused(f"{len(broken)} tensors hold NaN or infinity, first {broken[0]}")
    try:
        request.destination.write_bytes(save(weights))
    except OSError as error:
        raise StorageError(f"could not write the converted weights: {error.strerror}") from error


def read_checkpoint(path: Path) -> object:
    """Read whatever is in the file, without ever running code from it.

    Raises:
        InvalidInputError: It holds pickled code, which is named.
    """
    if path.suffix.lower() == ".safetensors":
        return load_file(path)
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        named = re.search(r"GLOBAL (\S+)", str(error))
        content = f"pickled Python code ({named[1]})" if named else "more than tensors"
        raise _refused(
            f"the file holds {content}, which is never run; save the weights alone with "
            "torch.save(network.state_dict(), path), or as safetensors"
        ) from error


def find_state(content: object) -> State:
    """Find the named tensors: the content itself, or what a training script wrapped them in.

    Raises:
        InvalidInputError: There are none.
    """
    candidates = [content]
    if isinstance(content, Mapping):
        candidates += [content[key] for key in WRAPPER_KEYS if key in content]
    for candidate in candidates:
        if isinstance(candidate, Mapping) and candidate and all(map(_is_plain, candidate.values())):
            return {str(key): value for key, value in candidate.items()}
    raise _refused(
        "the file holds no state dict; expected tensors by name, directly or under one of "
        f"{', '.join(WRAPPER_KEYS)}"
    )


def fit(
    state: State, architectures: Sequence[ArchitectureCard], *, num_classes: int
) -> tuple[ArchitectureCard, State]:
    """Find the architecture whose names and shapes the tensors have.

    Args:
        state: Tensors by the names their author gave them.
        architectures: The candidates, at least one.
        num_classes: Number of logits the network must have.

    Returns:
        The architecture and the tensors under our names, as float32.

    Raises:
        InvalidInputError: None fits; the message says how the closest one differs.
    """
    misfits: list[tuple[ArchitectureCard, Mismatch, str]] = []
    for architecture in architectures:
        needed = network_without_weights(architecture, num_classes).state_dict()
        renamed = by_our_names(state, architecture.family)
        mismatch = compare(shapes_of(renamed), shapes_of(needed))
        if mismatch.count == 0:
            return architecture, {key: _weight(key, renamed) for key in needed}
        last_layer = [key for key, value in needed.items() if value.dim() > 1][-1]
        misfits.append((architecture, mismatch, last_layer))
    closest, mismatch, last_layer = min(misfits, key=lambda misfit: misfit[1].count)
    raise _refused(_explain(closest.name, mismatch, last_layer=last_layer, among=len(misfits)))


def by_our_names(state: State, family: str) -> State:
    """Put tensors under the names we use in a family, without those of auxiliary outputs."""
    return {our_name(key, family): value for key, value in state.items() if not is_auxiliary(key)}


def shapes_of(state: State) -> dict[str, Shape]:
    """Tell the shape of each tensor."""
    return {key: tuple(value.shape) for key, value in state.items()}


def _explain(name: str, mismatch: Mismatch, *, last_layer: str, among: int) -> str:
    other_shape = {key: (found, needed) for key, found, needed in mismatch.other_shape}
    bias = last_layer.replace("weight", "bias")
    if mismatch.count == len(other_shape) and set(other_shape) == {last_layer, bias}:
        found, needed = other_shape[last_layer]
        return (
            f"the weights fit {name} but know {found[0]} classes, the data set has {needed[0]}; "
            "choose the data set they were trained on"
        )
    which = f"{name}" if among == 1 else f"any known architecture, {name} being the closest"
    return f"the weights do not fit {which}: {mismatch.describe()}"


def _weight(key: str, state: State) -> Tensor:
    return torch.tensor(0) if key.endswith(IGNORED_SUFFIX) else state[key].float().contiguous()


def _is_plain(value: object) -> bool:
    return isinstance(value, Tensor) and value.layout is torch.strided and not value.is_quantized


def _refused(message: str) -> InvalidInputError:
    return InvalidInputError.of("/file", message)

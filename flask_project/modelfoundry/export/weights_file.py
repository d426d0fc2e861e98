"""The weights of a network alone, by name, in a format that cannot hold code."""

import hashlib

import safetensors.torch
from torch import nn


def safetensors_bytes(network: nn.Module) -> bytes:
    """Return the content of a ``.safetensors`` file with all parameters and buffers.

    The same network gives the same bytes. Tensors that share memory are written once each.
    """
    tensor_by_name = {
        name: tensor.detach().contiguous().clone() for name, tensor in network.state_dict().items()
    }
    return safetensors.torch.save(tensor_by_name, metadata={"format": "pt"})


def weights_sha256(network: nn.Module) -> str:
    """Hash the content of the ``.safetensors`` file of a network."""
    return hashlib.sha256(safetensors_bytes(network)).hexdigest()

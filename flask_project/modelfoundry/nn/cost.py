"""What a network costs: weights and multiply-adds per layer, all of them and the non-zero ones."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from modelfoundry.nn.segments import MASKABLE, kept_by_layer, maskable_segments


@dataclass(frozen=True)
class LayerCost:
    """Cost of one convolution or linear layer.

    Attributes:
        kind: Class name, such as ``Conv2d``.
        weights_total: Weights and biases.
        weights_kept: Those that are not masked away.
        macs_dense: Multiply-adds per image with every weight; biases count nothing.
        macs_masked: Multiply-adds per image with the kept weights alone; only an engine made for
            sparse weights turns the difference into time.
    """

    name: str
    kind: str
    weights_total: int
    weights_kept: int
    macs_dense: int
    macs_masked: int


def layer_costs(network: nn.Module, is_kept: Tensor, images: Tensor) -> list[LayerCost]:
    """Count per layer, in the network's order.

    A weight of a convolution is used once per output position, so a layer's multiply-adds are its
    weights times the positions of its output. A layer that is called twice counts twice.

    Args:
        network: On the device of ``images``; run once.
        is_kept: Boolean ``(length,)`` over :func:`maskable_segments` of the network.
        images: Any batch the network takes, ``(N, C, H, W)``; the cost is per image.

    Source: fvcore's convention, one multiply-add is 1.
    """
    positions = _positions_per_image(network, images)
    segments = maskable_segments(network)
    kept_weights = {
        segment.name.rpartition(".")[0]: int(is_kept[segment.start : segment.stop].sum())
        for segment in segments
        if segment.name.endswith("weight")
    }
    layers = dict(network.named_modules())
    costs = []
    for name, (kept, total) in kept_by_layer(segments, is_kept).items():
        layer = layers[name]
        costs.append(
            LayerCost(
                name=name,
                kind=type(layer).__name__,
                weights_total=total,
                weights_kept=kept,
                macs_dense=layer.get_parameter("weight").numel() * positions.get(name, 0),
                macs_masked=kept_weights[name] * positions.get(name, 0),
            )
        )
    return costs


def _positions_per_image(network: nn.Module, images: Tensor) -> dict[str, int]:
    """Count how often each weight of a layer is used for one image."""
    positions: dict[str, int] = {}
    handles = []
    for name, layer in network.named_modules():
        if not isinstance(layer, MASKABLE):
            continue

        def count(layer: nn.Module, _: object, output: Tensor, *, name: str = name) -> None:
            channel_axis = -1 if isinstance(layer, nn.Linear) else 1
            per_image = output[0].numel() // output.shape[channel_axis]
            positions[name] = positions.get(name, 0) + per_image

        handles.append(layer.register_forward_hook(count))
    try:
        with torch.inference_mode():
            network(images)
    finally:
        for handle in handles:
            handle.remove()
    return positions

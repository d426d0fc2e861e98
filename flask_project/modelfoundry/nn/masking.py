"""Weight masks on any network, without editing or copying it.

All masked parameters of a network are seen as one long vector. A forward pass hands the network
gated views of that vector through ``torch.func.functional_call``; the network itself, and its
weights, are never touched.
"""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from modelfoundry.nn.fusing import fuse, keep_statistics_
from modelfoundry.nn.gates import gate_weights
from modelfoundry.nn.segments import maskable_segments

INITIAL_LOGIT = 1.0


@dataclass(frozen=True)
class PackedMask:
    """A mask over all segments at one bit per weight; cheap to keep one per epoch.

    Attributes:
        bits: uint8 ``(ceil(length / 8),)``, most significant bit first.
        length: Number of gates.
    """

    bits: bytes
    length: int

    @classmethod
    def pack(cls, is_kept: Tensor) -> "PackedMask":
        """Pack a boolean vector ``(length,)``."""
        return cls(np.packbits(is_kept.cpu().numpy()).tobytes(), is_kept.numel())

    def unpack(self) -> Tensor:
        """Return the boolean vector ``(length,)`` on the CPU."""
        bits = np.frombuffer(self.bits, dtype=np.uint8)
        return torch.from_numpy(np.unpackbits(bits, count=self.length).astype(bool))


class MaskedNetwork(nn.Module):
    """A frozen network seen through trainable weight masks.

    The only trainable parameter is ``logits``, one per maskable weight and bias; a weight is kept
    while its logit is positive. At the start everything is kept.

    Batch norm keeps its running statistics, and is folded into the convolution before it where
    the network can be traced.

    Attributes:
        logits: ``(length,)`` over all segments.
        charge: Weight of the retained ratio in the loss (alpha), a scalar; a recorded step sees it
            change.

    Args:
        network: Any module in eval mode; only read. Layers other than convolution and linear
            work unmasked.
        charge: Where :attr:`charge` starts.
        is_kept: Where to start, boolean over all segments; everything is kept if absent.
    """

    frozen: Tensor
    charge: Tensor

    def __init__(
        self, network: nn.Module, *, charge: float = 0.0, is_kept: Tensor | None = None
    ) -> None:
        super().__init__()
        self.segments = maskable_segments(network)
        fused = fuse(network)
        self.network = fused.network.requires_grad_(requires_grad=False)
        parameter_by_name = dict(self.network.named_parameters())
        frozen = torch.cat([parameter_by_name[s.name].reshape(-1) for s in self.segments])
        start = torch.ones_like(frozen) if is_kept is None else is_kept * 2.0 - 1.0
        self.logits = nn.Parameter(start * INITIAL_LOGIT)
        self.register_buffer("frozen", frozen, persistent=False)
        self._offset_names: dict[str, str] = {}
        for number, (name, offset) in enumerate(fused.bias_offsets.items()):
            self._offset_names[name] = f"offset_{number}"
            self.register_buffer(f"offset_{number}", offset, persistent=False)
        self.register_buffer("charge", torch.tensor(float(charge)), persistent=False)
        self._sizes = [segment.stop - segment.start for segment in self.segments]

    def train(self, mode: bool = True) -> "MaskedNetwork":  # noqa: FBT001, FBT002 - torch's own
        """Set the mode; batch norm keeps its running statistics even while the masks train."""
        super().train(mode)
        keep_statistics_(self.network)
        return self

    def forward(self, images: Tensor) -> Tensor:
        """Run the network with gated weights; same input and output as the network itself."""
        device_type = images.device.type
        is_cast = torch.is_autocast_enabled(device_type)
        gated = gate_weights(
            self.logits,
            self.frozen,
            charge=self.charge / self.frozen.numel(),
            # One cast of everything instead of one a layer.
            dtype=torch.get_autocast_dtype(device_type) if is_cast else self.frozen.dtype,
        )
        views = {
            segment.name: part.view(segment.shape)
            for segment, part in zip(self.segments, gated.split(self._sizes), strict=True)
        }
        for name, offset_name in self._offset_names.items():
            views[name] = views[name] + self.get_buffer(offset_name).to(gated.dtype)
        output: Tensor = functional_call(self.network, views, (images,))
        return output

    def is_kept(self) -> Tensor:
        """Return the mask as a boolean vector over all segments."""
        return self.logits.detach() > 0

    def retained_ratio(self) -> Tensor:
        """Return the share of weights kept, 0-1, as a scalar on the network's device."""
        return self.is_kept().float().mean()


def fold_mask(network: nn.Module, is_kept: Tensor) -> nn.Module:
    """Return a copy of a network whose dropped weights are zero.

    Args:
        network: The network the mask was searched on.
        is_kept: Boolean ``(length,)`` over :func:`maskable_segments` of the network.
    """
    folded = deepcopy(network)
    parameter_by_name = dict(folded.named_parameters())
    with torch.no_grad():
        for segment in maskable_segments(folded):
            parameter = parameter_by_name[segment.name]
            gates = is_kept[segment.start : segment.stop].view(segment.shape)
            parameter.mul_(gates.to(parameter.device))
    return folded

"""A frozen network as N modules that compute together: one long batch, N masks, N heads."""

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from modelfoundry.nn.gated_graph import GatedGraph
from modelfoundry.nn.kernel_gates import charged
from modelfoundry.nn.module_heads import ModuleHeads

INITIAL_LOGIT = 1.0


class SplitNetwork(nn.Module):
    """N modules of one network: images to N scores.

    Trainable are the masks and the heads. All kernels are open at the start.

    Attributes:
        logits: ``(N, kernels)``; a module has a kernel while its logit is positive.
        heads: Of the modules.

    Args:
        normalize: Turns images in 0-1 into what the network takes.
        gated: The network with gates.
        heads: For as many modules as there shall be.
        alpha: Weight in the loss of the share of kernels that are open.
        modules_at_once: How many modules are computed in one pass; if that is not all, each pass
            runs a second time for its gradients, which takes less memory and more time.
    """

    _columns: Tensor
    _uses: Tensor
    _charge: Tensor

    def __init__(
        self,
        normalize: nn.Module,
        gated: GatedGraph,
        heads: ModuleHeads,
        *,
        alpha: float = 0.0,
        modules_at_once: int | None = None,
    ) -> None:
        super().__init__()
        self.normalize = normalize
        self.network = gated.run
        self.heads = heads
        num_modules = len(heads.bias_1)
        self.modules_at_once = modules_at_once or num_modules
        self.logits = nn.Parameter(torch.full((num_modules, len(gated.channels)), INITIAL_LOGIT))
        self._num_fixed = gated.num_fixed
        self.num_kernels = gated.num_fixed + int(gated.uses.sum())
        self._sizes = [len(columns) for columns in gated.kernels_by_gate]
        # The last column is that of what cannot be closed, which index -1 finds.
        self.register_buffer("_columns", torch.cat(gated.kernels_by_gate), persistent=False)
        self.register_buffer("_uses", gated.uses, persistent=False)
        # Each use is clipped by itself, as at every gate.
        share = min(alpha / (num_modules * self.num_kernels), 1.0)
        self.register_buffer("_charge", gated.uses * share, persistent=False)

    def train(self, mode: bool = True) -> "SplitNetwork":  # noqa: FBT001, FBT002 - torch's
        """Set the mode of all but the network, whose dropout and batch norm stay frozen."""
        super().train(mode)
        self.network.eval()
        return self

    def forward(self, images: Tensor) -> Tensor:
        """Map float images in 0-1, ``(B, C, H, W)``, to scores ``(B, N)`` in 0-1."""
        return self.scores(self.network_logits(images))

    def scores(self, logits: Tensor) -> Tensor:
        """Map the modules' logits ``(N, B, K)`` to their scores ``(B, N)``."""
        outputs: Tensor = self.heads(logits)
        return outputs.sigmoid()

    def network_logits(self, images: Tensor) -> Tensor:
        """Return what the network says through each mask, ``(N, B, K)``."""
        inputs = self.normalize(images)
        parts = charged(self.logits, self._charge).split(self.modules_at_once)
        if len(parts) == 1:
            return self._through(inputs, parts[0])
        passes = [
            checkpoint(self._through, inputs, part, use_reentrant=False, preserve_rng_state=False)
            for part in parts
        ]
        return torch.cat(passes)

    @torch.no_grad()
    def settled_logits(self, images: Tensor) -> Tensor:
        """Return :meth:`network_logits` without gradients; equal masks are computed once."""
        inputs = self.normalize(images)
        masks, number_of_mask = self.is_open().unique(dim=0, return_inverse=True)
        different = (masks * 2 - 1).to(self.logits)
        parts = [self._through(inputs, part) for part in different.split(self.modules_at_once)]
        return torch.cat(parts)[number_of_mask]

    def logits_of(self, images: Tensor, number: int) -> Tensor:
        """Return what the network says through one mask, ``(B, K)``."""
        return self._through(self.normalize(images), self.logits[number : number + 1])[0]

    def _through(self, inputs: Tensor, logits: Tensor) -> Tensor:
        """Run some modules, given the logits of their masks ``(n, kernels)``."""
        always = logits.new_full((len(logits), 1), INITIAL_LOGIT)
        by_entry = torch.cat([logits, always], dim=1)[:, self._columns]
        outputs: Tensor = self.network(inputs, *by_entry.split(self._sizes, dim=1))
        by_module: Tensor = outputs.unflatten(0, (len(logits), -1))
        return by_module

    def is_open(self) -> Tensor:
        """Return the masks, boolean ``(N, kernels)``."""
        return self.logits.detach() > 0

    def kernels_kept(self) -> Tensor:
        """Count the output channels of convolutions that each module has, int64 ``(N,)``."""
        return (self.is_open() * self._uses).sum(1) + self._num_fixed


class SplitModule(nn.Module):
    """One module of a split network: images in 0-1 to logits ``(t, 0)``; shares its weights."""

    head: nn.Sequential

    def __init__(self, split: SplitNetwork, number: int) -> None:
        super().__init__()
        self.split = split
        self.number = number
        self.head = split.heads.extract(number)

    def forward(self, images: Tensor) -> Tensor:
        """Map float images in 0-1, ``(B, C, H, W)``, to logits ``(B, 2)``."""
        logits: Tensor = self.head(self.split.logits_of(images, self.number))
        return logits


class HeadsAlone(nn.Module):
    """The heads of a split network: the modules' logits ``(N, B, K)`` to scores ``(B, N)``."""

    def __init__(self, split: SplitNetwork) -> None:
        super().__init__()
        self.split = split

    def forward(self, logits: Tensor) -> Tensor:
        """Map the modules' logits to their scores."""
        return self.split.scores(logits)

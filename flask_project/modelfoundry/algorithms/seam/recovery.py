"""Train what a search has kept, so that it gets over the loss of the rest."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.distillation import Distillation
from modelfoundry.algorithms.seam.selection import more_accurate
from modelfoundry.algorithms.stage import Candidate
from modelfoundry.nn.fusing import NORMS
from modelfoundry.nn.segments import maskable_segments
from modelfoundry.nn.target import TargetNetwork
from modelfoundry.training.checkpoint import State
from modelfoundry.training.device import training_dtype
from modelfoundry.training.loop import Phase, cross_entropy_of, make_phase
from modelfoundry.training.optimizers import sgd
from modelfoundry.training.schedule import rate_setter

NORMALISATION = (*NORMS, nn.LayerNorm, nn.GroupNorm)
WEIGHT_DECAY = 5e-4


class Recovery:
    """A cut network while it is trained on the target's images.

    Attributes:
        network: Float images in 0-1 to the target's logits; trained in place.

    Args:
        network: On ``device``.
        original: What the network was cut from.
        retained_ratio: Share of the original's weights it keeps, 0-1; does not change.
        total_steps: Of the whole recovery.
    """

    def __init__(
        self,
        network: TargetNetwork,
        original: TargetNetwork,
        config: SeamConfig,
        *,
        retained_ratio: float,
        total_steps: int,
        device: torch.device,
    ) -> None:
        self.network = network
        self._retained_ratio = retained_ratio
        parameters = self._free_(whole=config.recover == "full")
        self.optimizer = sgd([parameters], weight_decay=WEIGHT_DECAY, device=device)
        weight = config.distillation
        self._phase = make_phase(
            Distillation(network, original, weight=weight, device=device)
            if weight
            else cross_entropy_of(network),
            self.optimizer,
            dtype=training_dtype(config.precision, device),
            device=device,
            set_rates=rate_setter(
                self.optimizer,
                schedule="one-cycle",
                peaks=(config.lr_recover,),
                total_steps=total_steps,
            ),
        )

    def phase(self, epoch: int) -> Phase:  # noqa: ARG002 - every epoch trains the same
        """Return what an epoch trains; batch norm follows the images now."""
        self.network.train()
        return self._phase

    def state(self) -> State:
        """Return everything that training changes."""
        return {"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: State) -> None:
        """Put back what :meth:`state` returned."""
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])

    def candidate(self, epoch: int, accuracy: float) -> Candidate:
        """Take down the present state as the candidate of an epoch, counted from 1."""
        state = {name: value.cpu().clone() for name, value in self.network.state_dict().items()}
        return Candidate(epoch, accuracy, self._retained_ratio, {"network": state})

    def better(self, new: Candidate, old: Candidate | None) -> Candidate:
        """Return the one of two candidates that should become the module."""
        return more_accurate(new, old)

    def put_back(self, chosen: Candidate) -> None:
        """Give the network the values of a candidate."""
        self.network.load_state_dict(chosen.content["network"])

    def _free_(self, *, whole: bool) -> list[nn.Parameter]:
        """Let what is to be trained have gradients; return it."""
        trunk, head = self.network.trunk, self.network.head
        self.network.requires_grad_(requires_grad=whole)
        if whole:
            hold_zeros_(trunk)
        for layer in (head, *trunk.modules()):
            if layer is head or isinstance(layer, NORMALISATION):
                layer.requires_grad_(requires_grad=True)
        return [each for each in self.network.parameters() if each.requires_grad]


def hold_zeros_(network: nn.Module) -> None:
    """Give no gradient to the weights that are zero now: masks have dropped them."""
    for segment in maskable_segments(network):
        parameter = network.get_parameter(segment.name)
        parameter.register_hook(_only_where(parameter.detach() != 0))


def _only_where(is_kept: Tensor) -> Callable[[Tensor], Tensor]:
    return lambda gradient: gradient * is_kept

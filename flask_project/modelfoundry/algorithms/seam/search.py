"""The parts of a SeaM search: masked network, head, optimizers and the two kinds of epoch."""

from copy import deepcopy

import torch
from torch import nn

from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.selection import Candidate
from modelfoundry.nn.masking import MaskedNetwork, PackedMask, fold_mask
from modelfoundry.nn.target import HeadOnly, TargetNetwork, new_head
from modelfoundry.training.checkpoint import State
from modelfoundry.training.device import training_dtype
from modelfoundry.training.loop import Phase, make_phase
from modelfoundry.training.optimizers import adam
from modelfoundry.training.schedule import rate_setter


class Search:
    """Everything that is trained, and how.

    Two optimizers, as published: one for the head alone and one for masks and head together, each
    with its own moments.

    Attributes:
        full: Float images in 0-1 to the target's logits, through the gated weights.
        optimizers: By the name of the phase.
    """

    def __init__(
        self,
        network: nn.Module,
        normalize: nn.Module,
        config: SeamConfig,
        *,
        num_classes: int,
        num_outputs: int,
        total_steps: int,
        device: torch.device,
    ) -> None:
        self._original = network
        self._config = config
        self.masked = MaskedNetwork(network, charge=config.alpha)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self.head = new_head(num_classes, num_outputs)
        self.full = TargetNetwork(deepcopy(normalize), self.masked, self.head).to(device)
        head_only = HeadOnly(self.full.normalize, self.masked, self.head)
        joint_groups = [[self.masked.logits], list(self.head.parameters())]
        self.optimizers = {
            "head": adam([list(self.head.parameters())], device=device),
            "joint": adam(joint_groups, device=device),
        }
        peaks = {"head": (config.lr_head,), "joint": (config.lr_mask, config.lr_head)}
        networks = {"head": head_only, "joint": self.full}
        self._phases = {
            name: make_phase(
                networks[name],
                optimizer,
                dtype=training_dtype(config.precision, device),
                device=device,
                set_rates=rate_setter(
                    optimizer,
                    schedule=config.schedule,
                    peaks=peaks[name],
                    total_steps=total_steps,
                ),
            )
            for name, optimizer in self.optimizers.items()
        }

    def state(self) -> State:
        """Everything that training changes."""
        return {
            "logits": self.masked.logits.detach(),
            "head": self.head.state_dict(),
            "optimizers": {name: each.state_dict() for name, each in self.optimizers.items()},
        }

    def restore(self, state: State) -> None:
        """Put back what :meth:`state` returned."""
        with torch.no_grad():
            self.masked.logits.copy_(state["logits"])
        self.head.load_state_dict(state["head"])
        for name, optimizer in self.optimizers.items():
            optimizer.load_state_dict(state["optimizers"][name])

    def phase(self, epoch: int) -> Phase:
        """Return what an epoch (counted from 0) trains."""
        every = self._config.head_only_every
        self.full.train()
        return self._phases["head" if every and epoch % every == 0 else "joint"]

    def candidate(self, epoch: int, accuracy: float) -> Candidate:
        """Take down the present state as the candidate of an epoch, counted from 1."""
        return Candidate(
            epoch=epoch,
            accuracy=accuracy,
            retained_ratio=float(self.masked.retained_ratio()),
            mask=PackedMask.pack(self.masked.is_kept()),
            head={name: value.cpu().clone() for name, value in self.head.state_dict().items()},
        )

    def masked_at(self, chosen: Candidate) -> TargetNetwork:
        """Put a candidate's mask and head back in place; returns :attr:`full`, on the CPU."""
        is_kept = chosen.mask.unpack()
        with torch.no_grad():
            self.masked.logits.copy_(is_kept * 2.0 - 1.0)
        self.head.load_state_dict(chosen.head)
        return self.full.cpu().eval()

    def finished(self, chosen: Candidate) -> TargetNetwork:
        """Build the module of a candidate, on the CPU: masks folded into the weights."""
        head = deepcopy(self.head).cpu()
        head.load_state_dict(chosen.head)
        trunk = fold_mask(deepcopy(self._original).cpu(), chosen.mask.unpack())
        return TargetNetwork(deepcopy(self.full.normalize).cpu(), trunk, head).eval()

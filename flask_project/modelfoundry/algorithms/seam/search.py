"""The parts of a SeaM search: masked network, head, optimizers and the two kinds of epoch."""

from collections.abc import Callable
from dataclasses import asdict

import torch

from modelfoundry.algorithms.seam.config import SeamConfig
from modelfoundry.algorithms.seam.selection import smaller
from modelfoundry.algorithms.stage import Candidate
from modelfoundry.nn.channel_masking import ChannelMaskedNetwork
from modelfoundry.nn.masking import MaskedNetwork, PackedMask
from modelfoundry.nn.target import HeadOnly, TargetNetwork
from modelfoundry.training.checkpoint import State
from modelfoundry.training.device import training_dtype
from modelfoundry.training.loop import Phase, cross_entropy_of, make_phase
from modelfoundry.training.optimizers import adam
from modelfoundry.training.schedule import approach, rate_setter


class Search:
    """Masks and head of a target network while they are trained.

    Two optimizers, as published: one for the head alone and one for masks and head together, each
    with its own moments.

    Attributes:
        network: Float images in 0-1 to the target's logits, through the masks.
        optimizers: By the name of the phase.

    Args:
        network: On ``device``; its trunk is masked.
        total_steps: Of the whole search.
        base_accuracy: What the chosen epoch has to reach by itself; None if a recovery follows.
    """

    def __init__(
        self,
        network: TargetNetwork,
        config: SeamConfig,
        *,
        total_steps: int,
        base_accuracy: float | None,
        device: torch.device,
    ) -> None:
        self.network = network
        self._masked: MaskedNetwork | ChannelMaskedNetwork = network.trunk  # type: ignore[assignment]
        self._head = network.head
        self._config = config
        self._base_accuracy = base_accuracy
        head = list(self._head.parameters())
        self.optimizers = {
            "head": adam([head], device=device),
            "joint": adam([[self._masked.logits], head], device=device),
        }
        peaks = {"head": (config.lr_head,), "joint": (config.lr_mask, config.lr_head)}
        head_only = HeadOnly(network.normalize, self._masked, self._head)
        networks = {"head": head_only, "joint": network}
        self._total_steps = total_steps
        self._phases = {
            name: make_phase(
                cross_entropy_of(networks[name]),
                optimizer,
                dtype=training_dtype(config.precision, device),
                device=device,
                set_rates=self._with_goal(
                    rate_setter(
                        optimizer,
                        schedule=config.schedule,
                        peaks=peaks[name],
                        total_steps=total_steps,
                    )
                ),
            )
            for name, optimizer in self.optimizers.items()
        }

    def state(self) -> State:
        """Return everything that training changes."""
        return {
            "logits": self._masked.logits.detach(),
            "charge": self._masked.charge,
            "head": self._head.state_dict(),
            "optimizers": {name: each.state_dict() for name, each in self.optimizers.items()},
        }

    def restore(self, state: State) -> None:
        """Put back what :meth:`state` returned."""
        with torch.no_grad():
            self._masked.logits.copy_(state["logits"])
            self._masked.charge.copy_(state["charge"])
        self._head.load_state_dict(state["head"])
        for name, optimizer in self.optimizers.items():
            optimizer.load_state_dict(state["optimizers"][name])

    def phase(self, epoch: int) -> Phase:
        """Return what an epoch (counted from 0) trains."""
        every = self._config.head_only_every
        self.network.train()
        return self._phases["head" if every and epoch % every == 0 else "joint"]

    def candidate(self, epoch: int, accuracy: float) -> Candidate:
        """Take down the present state as the candidate of an epoch, counted from 1.

        The next epoch is charged by how accurate this one is.
        """
        if self._base_accuracy is not None:
            is_behind = accuracy < self._base_accuracy
            eased = 1 - self._config.easing if is_behind else 1.0
            self._masked.charge.fill_(self._config.alpha * eased)
        head = {name: value.cpu().clone() for name, value in self._head.state_dict().items()}
        is_open = PackedMask.pack(self._masked.logits.detach() > 0)
        return Candidate(
            epoch=epoch,
            accuracy=accuracy,
            retained_ratio=float(self._masked.retained_ratio()),
            content={"open": asdict(is_open), "head": head},
        )

    def better(self, new: Candidate, old: Candidate | None) -> Candidate:
        """Return the one of two candidates that should become the module.

        Accuracy before a recovery says little of that after it, so then it is the last one: rates
        have come down, and its size is what the charge asked for.
        """
        if self._base_accuracy is None:
            return new
        return smaller(new, old, base_accuracy=self._base_accuracy)

    def put_back(self, chosen: Candidate) -> None:
        """Give masks and head the values of a candidate."""
        is_open = PackedMask(**chosen.content["open"]).unpack()
        with torch.no_grad():
            self._masked.logits.copy_(is_open * 2.0 - 1.0)
        self._head.load_state_dict(chosen.content["head"])

    def _with_goal(self, set_rates: Callable[[int], None]) -> Callable[[int], None]:
        """Let the goal of channel masks come nearer step by step, together with the rates.

        If all were due at once, many would close together before the charge ends.
        """
        goal, masked = self._config.goal, self._masked
        if not (goal and isinstance(masked, ChannelMaskedNetwork)):
            return set_rates

        def set_both(step: int) -> None:
            set_rates(step)
            masked.goal.fill_(approach(goal, step, self._total_steps))

        return set_both

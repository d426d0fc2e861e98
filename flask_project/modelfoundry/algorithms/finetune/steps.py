"""What each step of a fine-tuning trains, measures and keeps."""

from dataclasses import asdict

import torch
from torch import Tensor

from modelfoundry.algorithms.finetune.step import Step, Task
from modelfoundry.algorithms.stage import Candidate
from modelfoundry.nn.masking import MaskedNetwork, PackedMask
from modelfoundry.nn.target import HeadOnly, TargetNetwork
from modelfoundry.training.checkpoint import State
from modelfoundry.training.loop import accuracy
from modelfoundry.training.optimizers import adam, sgd

EVERYTHING = 1.0


class OutputLayer(Step):
    """The first step: the new output layer alone, on features that do not change.

    Dropout and batch norm before it are in evaluation mode.
    """

    name = "output"
    retained_ratio = EVERYTHING

    def __init__(self, network: TargetNetwork, task: Task) -> None:
        settings = task.settings
        self.max_epochs = settings.output_epochs
        self._head = network.head
        super().__init__(
            network,
            _FrozenTrunk(network.normalize, network.trunk, network.head),
            sgd(
                [list(network.head.parameters())],
                weight_decay=settings.weight_decay,
                device=task.device,
                momentum=settings.momentum,
                nesterov=settings.momentum > 0,
            ),
            schedule=settings.schedule,
            peaks=(settings.lr_first,),
            task=task,
        )

    def values(self) -> State:
        """Return the output layer."""
        return self._head.state_dict()

    def put(self, values: State) -> None:
        """Give the network an output layer."""
        self._head.load_state_dict(values)


class Masks(Step):
    """The second step: masks over everything before the output layer, together with that layer.

    It ends as soon as the wanted share of weights is removed. If that never happens, the epoch
    with the highest accuracy minus retained ratio is kept.
    """

    name = "masks"

    def __init__(self, network: TargetNetwork, task: Task) -> None:
        settings = task.settings
        self.max_epochs = settings.mask_epochs
        self._most_kept = 1 - settings.prune_threshold
        self._masked: MaskedNetwork = network.trunk  # type: ignore[assignment]
        self._head = network.head
        super().__init__(
            network,
            network,
            adam([[self._masked.logits], list(self._head.parameters())], device=task.device),
            schedule="constant",
            peaks=(settings.lr_mask, settings.lr_head),
            task=task,
        )

    @property
    def retained_ratio(self) -> float:
        """Share of the weights that are kept, 0-1."""
        return float(self._masked.retained_ratio())

    def values(self) -> State:
        """Return masks and output layer."""
        return {"logits": self._masked.logits.detach(), "head": self._head.state_dict()}

    def put(self, values: State) -> None:
        """Give the network masks and an output layer."""
        with torch.no_grad():
            self._masked.logits.copy_(values["logits"])
        self._head.load_state_dict(values["head"])

    def measure(self, epoch: int) -> Candidate:
        """Take down the masks alone, one bit each; the output layer is thrown away."""
        reached = accuracy(self.network, self.task.validation)
        kept = self._masked.is_kept()
        if self.task.settings.exact and self.retained_ratio < self._most_kept:
            kept = _highest(self._masked.logits.detach(), share=self._most_kept)
        ratio = float(kept.double().mean())
        return Candidate(epoch, reached, ratio, {"kept": asdict(PackedMask.pack(kept))})

    def better(self, new: Candidate, old: Candidate | None) -> Candidate:
        """Return the one of two epochs whose masks should be taken."""
        if old is None or self._reached(new):
            return new
        gain = (new.accuracy - new.retained_ratio) - (old.accuracy - old.retained_ratio)
        return new if gain > 0 else old

    def is_enough(self, newest: Candidate, best: Candidate) -> bool:
        """Tell whether enough weights are removed, or nothing has got better for too long."""
        return self._reached(newest) or super().is_enough(newest, best)

    def _reached(self, candidate: Candidate) -> bool:
        return candidate.retained_ratio <= self._most_kept


class Everything(Step):
    """The last step: the whole network, batch norm in training mode.

    Args:
        retained_ratio: Share of the pre-trained weights that it starts from, 0-1.
        rates: Of everything before the output layer, and of that layer.
    """

    name = "finetune"
    retained_ratio = EVERYTHING

    def __init__(
        self,
        network: TargetNetwork,
        task: Task,
        *,
        retained_ratio: float,
        rates: tuple[float, float],
        momentum: float,
    ) -> None:
        settings = task.settings
        self.max_epochs = settings.finetune_epochs
        self.retained_ratio = retained_ratio
        network.requires_grad_(requires_grad=True)
        super().__init__(
            network,
            network,
            sgd(
                [list(network.trunk.parameters()), list(network.head.parameters())],
                weight_decay=settings.weight_decay,
                device=task.device,
                momentum=momentum,
                nesterov=momentum > 0,
            ),
            schedule=settings.schedule,
            peaks=rates,
            task=task,
        )

    def values(self) -> State:
        """Return the whole network."""
        return self.network.state_dict()

    def put(self, values: State) -> None:
        """Give the network all its weights and statistics."""
        self.network.load_state_dict(values)


class _FrozenTrunk(HeadOnly):
    """Stays in evaluation mode whatever mode is set."""

    def train(self, mode: bool = True) -> "_FrozenTrunk":  # noqa: ARG002, FBT001, FBT002 - torch's own
        """Stay in evaluation mode."""
        super().train(mode=False)
        return self


def _highest(logits: Tensor, *, share: float) -> Tensor:
    """Return a boolean vector that is true for the given share of the logits, rounded down."""
    kept = torch.zeros_like(logits, dtype=torch.bool)
    kept[logits.topk(int(share * len(logits))).indices] = True
    return kept

"""What every algorithm that cuts a module out of one model takes and returns."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from modelfoundry.data.problem import Problem
from modelfoundry.progress import Reporter


@dataclass(frozen=True)
class FoundModule:
    """What a search found.

    Attributes:
        network: The module: float32 images in 0-1 to the target's logits. On the CPU; closed
            channels are cut out where that is exact, dropped weights are zero.
        reference: What the written files are compared with: the same function computed through
            the masks; where the weights were trained afterwards, ``network`` itself.
        is_kept: Boolean ``(length,)`` over the maskable segments of the original.
        head_parameters: Parameters of the output layer made for the target.
        granularity: What was masked: ``weight``, ``channel`` or ``hybrid``.
        recover: What was trained after the search: ``none``, ``norm`` or ``full``.
        epochs: Of search and recovery together.
        chosen_epoch: The epoch that was taken, counted from 1.
        wall_s: Seconds of searching and recovering, over all attempts.
    """

    network: nn.Module
    reference: nn.Module
    is_kept: Tensor
    head_parameters: int
    granularity: str
    recover: str
    epochs: int
    chosen_epoch: int
    wall_s: float


class Search(Protocol):
    """The ``run`` of an algorithm's card."""

    def __call__(
        self,
        network: nn.Module,
        normalize: nn.Module,
        problem: Problem,
        config: Any,
        *,
        base_accuracy: float,
        device: torch.device,
        checkpoint: Path,
        reporter: Reporter,
    ) -> FoundModule:
        """Search a module.

        Args:
            network: The original: normalised images to K logits; in eval mode, only read.
            normalize: Turns images in 0-1 into what ``network`` takes.
            problem: Its test part is not for the search.
            config: Settings of the algorithm's own class.
            base_accuracy: The original's on the validation part, 0-1.
            checkpoint: Written after every epoch; if it exists, the search goes on from there.

        Raises:
            Cancelled: When the reporter says so; the checkpoint stays.
        """

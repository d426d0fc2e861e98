"""What every algorithm that cuts modules out of one model takes and returns."""

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
        batch_size: Images at once that were really trained on; None if none were.
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
    batch_size: int | None
    wall_s: float


@dataclass(frozen=True)
class ClassModule:
    """One of several modules that were searched together.

    Attributes:
        name: The class or group that it tells from all others.
        found: A binary module; its two logits are ``(t, 0)``, so that softmax gives its score,
            the sigmoid of ``t``.
        kernels_kept: Output channels of convolutions that it keeps, each layer's counted.
        kernels_total: All output channels of the original's convolutions.
        f1_validation: Of a score above one half, on the validation part, 0-1; 0 if it is never
            right.
    """

    name: str
    found: FoundModule
    kernels_kept: int
    kernels_total: int
    f1_validation: float


@dataclass(frozen=True)
class FoundModules:
    """What one search for several modules found.

    Attributes:
        modules: One for each of the problem's outputs, in their order.
        chosen_epoch: The epoch that was taken for all, counted from 1.
        accuracy_validation: Of the modules together, the largest score deciding, 0-1.
    """

    modules: tuple[ClassModule, ...]
    chosen_epoch: int
    accuracy_validation: float


class Search(Protocol):
    """The ``run`` of an algorithm's card whose targets have one module."""

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


class JointSearch(Protocol):
    """The ``run`` of an algorithm's card whose targets have a module for each class."""

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
    ) -> FoundModules:
        """Search the modules of all outputs of a problem; otherwise as :class:`Search`."""

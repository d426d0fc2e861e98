"""SeaM's second half: fine-tune a trained network without most of what it knew.

Source: Qi et al., Reusing Deep Neural Network Models through Model Re-engineering, ICSE 2023,
indirect reuse. Differs: docs/methods.md.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from modelfoundry.algorithms.cutting import cut_out
from modelfoundry.algorithms.finetune.config import How
from modelfoundry.algorithms.finetune.step import Step, Task
from modelfoundry.algorithms.finetune.steps import Everything, Masks, OutputLayer
from modelfoundry.algorithms.seam.recovery import hold_zeros_
from modelfoundry.algorithms.stage import Finished, Stage, train_stage
from modelfoundry.nn.masking import MaskedNetwork, PackedMask, fold_mask
from modelfoundry.nn.output_layer import Trunk
from modelfoundry.nn.segments import maskable_segments
from modelfoundry.nn.target import TargetNetwork

CHECK_IMAGES = 64


@dataclass(frozen=True)
class StepTaken:
    """A step that is over.

    Attributes:
        epochs: Those it took.
        chosen_epoch: The one that was kept, counted from 1 over all steps.
        accuracy_validation: Of that epoch, 0-1.
        wall_s: Seconds, over all attempts.
    """

    name: str
    epochs: int
    chosen_epoch: int
    accuracy_validation: float
    wall_s: float


@dataclass(frozen=True)
class FineTuned:
    """What a fine-tuning has made; networks map images in 0-1 to logits, on the CPU.

    Attributes:
        network: The fine-tuned one.
        compared: The pre-trained one with nothing but a new output layer, from the first step.
        retained_ratio: Share of the pre-trained weights before the output layer that the
            fine-tuning started from, 0-1.
        is_nonzero: Boolean over the maskable segments of the trunk: the weights that are not zero
            in the end.
    """

    network: nn.Module
    compared: TargetNetwork
    retained_ratio: float
    is_nonzero: Tensor
    steps: tuple[StepTaken, ...]


def finetune(
    trunk: Trunk,
    normalize: nn.Module,
    *,
    num_classes: int,
    how: How,
    new_trunk: Callable[[], nn.Module],
    task: Task,
) -> FineTuned:
    """Fine-tune a pre-trained network to the images of a task.

    Every way begins with the first step, an output layer on frozen features: what comes of it is
    what all of them are compared with.

    Args:
        trunk: The pre-trained network without its output layer, on the CPU; only read.
        normalize: Turns images in 0-1 into what ``trunk`` takes.
        num_classes: Outputs of the new output layer.
        how: ``seam`` searches masks and starts from what they keep, ``standard`` starts from all
            pre-trained weights, ``scratch`` from none.
        new_trunk: Makes the trunk with random weights, drawn from torch's current generator.

    Raises:
        Cancelled: When the reporter of the task says so; the checkpoints stay.
        ExportError: What was cut out of a sparse network changed its outputs.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(task.seed)
        first_head, last_head = (nn.Linear(trunk.num_features, num_classes) for _ in range(2))
        untrained = new_trunk() if how == "scratch" else None
    masked = MaskedNetwork(trunk.network, charge=task.settings.alpha)
    searched = TargetNetwork(deepcopy(normalize), masked, first_head).to(task.device)
    course = _Course(task, how)
    first = OutputLayer(searched, task)
    first.put(course.take(first).best.content)
    compared = TargetNetwork(deepcopy(normalize), deepcopy(trunk.network), deepcopy(first_head))
    kept = torch.ones(masked.logits.shape, dtype=torch.bool)
    ratio = 1.0
    if how == "seam":
        chosen = course.take(Masks(searched, task)).best
        kept, ratio = PackedMask(**chosen.content["kept"]).unpack(), chosen.retained_ratio
        _say_what_is_left(chosen.retained_ratio, task)
    start = fold_mask(trunk.network, kept)
    if untrained is not None:
        start, ratio = untrained, 0.0
    network = TargetNetwork(deepcopy(normalize), start, last_head).to(task.device)
    last = _last_step(network, task, how=how, retained_ratio=ratio)
    chosen = course.take(last).best
    last.put(chosen.content)
    network = network.cpu().eval()
    is_nonzero = _nonzero(network.trunk)
    return FineTuned(
        network=network if task.settings.regrow else _cut(network, task),
        compared=compared.cpu().eval(),
        retained_ratio=ratio,
        is_nonzero=is_nonzero,
        steps=tuple(course.taken),
    )


class _Course:
    """Takes one step after another, their epochs numbered through."""

    def __init__(self, task: Task, how: How) -> None:
        settings = task.settings
        self.taken: list[StepTaken] = []
        self._task = task
        self._left = settings.output_epochs + settings.finetune_epochs
        self._left += settings.mask_epochs if how == "seam" else 0
        self._first = 0

    def take(self, step: Step) -> Finished:
        """Train a step, from its checkpoint if there is one, and take down how it went."""
        task = self._task
        finished = train_stage(
            step,
            Stage(
                shown_as=step.name,
                first=self._first,
                epochs=step.max_epochs,
                total_epochs=self._first + self._left,
                seed=task.seed,
                base_accuracy=self.taken[0].accuracy_validation if self.taken else None,
                device=task.device,
                checkpoint=task.checkpoint.with_stem(f"{task.checkpoint.stem}-{step.name}"),
                reporter=task.reporter,
                is_enough=step.is_enough,
            ),
        )
        self._first += finished.epochs
        self._left -= step.max_epochs
        self.taken.append(
            StepTaken(
                step.name,
                finished.epochs,
                finished.best.epoch,
                finished.best.accuracy,
                finished.wall_s,
            )
        )
        return finished


def _last_step(
    network: TargetNetwork, task: Task, *, how: How, retained_ratio: float
) -> Everything:
    settings = task.settings
    if how == "scratch":
        return Everything(
            network,
            task,
            retained_ratio=retained_ratio,
            rates=(settings.lr_scratch, settings.lr_scratch),
            momentum=settings.momentum_scratch,
        )
    if not settings.regrow:
        hold_zeros_(network.trunk)
    return Everything(
        network,
        task,
        retained_ratio=retained_ratio,
        rates=(settings.lr_hidden, settings.lr_output),
        momentum=settings.momentum,
    )


def _say_what_is_left(retained_ratio: float, task: Task) -> None:
    removed, wanted = 1 - retained_ratio, task.settings.prune_threshold
    if removed >= wanted:
        task.reporter.log(f"{removed:.1%} of the weights are removed")
        return
    task.reporter.log(
        f"Only {removed:.1%} of the weights are removed after {task.settings.mask_epochs} epochs, "
        f"{wanted:.0%} were wanted; give it more mask_epochs, or a higher lr_mask or alpha",
        level="warning",
    )


def _nonzero(trunk: nn.Module) -> Tensor:
    parameters = dict(trunk.named_parameters())
    values = [parameters[segment.name].detach().flatten() for segment in maskable_segments(trunk)]
    return torch.cat(values) != 0


def _cut(network: TargetNetwork, task: Task) -> nn.Module:
    """Cut out what is zero for every image."""
    smaller, difference = cut_out(network, network, task.validation.first(CHECK_IMAGES).cpu())
    task.reporter.log(f"Cut out what stayed zero; outputs differ by {difference:.1e} at most")
    return smaller

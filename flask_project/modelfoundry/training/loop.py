"""The only training and evaluation epochs of the project."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from modelfoundry.progress import Reporter
from modelfoundry.training.allocator import keep_freed_memory, use_huge_pages
from modelfoundry.training.cuda_graph import ReplayedStep
from modelfoundry.training.device_images import Augmentation, DeviceImages

EVALUATION_BATCH = 256
MANY_STEPS = 32  # an epoch of fewer does not make up for moving memory


Objective = Callable[[Tensor, Tensor], Tensor]


def cross_entropy_of(network: nn.Module) -> Objective:
    """Return the objective of a network that maps images, float32 in 0-1, to logits."""
    return lambda images, labels: cross_entropy(network(images).float(), labels)


class TrainingStep:
    """One step of gradient descent on a batch; nothing in it waits for the device.

    Args:
        objective: Maps a batch, images (float32 in 0-1) and labels, to the loss: a scalar.
        optimizer: Over the parameters to train; others get no update.
        dtype: Arithmetic of forward and backward; parameters stay float32.
    """

    def __init__(
        self, objective: Objective, optimizer: torch.optim.Optimizer, *, dtype: torch.dtype
    ) -> None:
        self._objective = objective
        self._optimizer = optimizer
        self._dtype = dtype

    def __call__(self, images: Tensor, labels: Tensor) -> Tensor:
        """Take the step; return the loss before it, a scalar on the device."""
        with torch.autocast(
            images.device.type,
            dtype=self._dtype,
            enabled=self._dtype is not torch.float32,
            cache_enabled=False,  # weights are gated anew each step; also required for capture
        ):
            loss = self._objective(images, labels)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()
        return loss.detach()


@dataclass(frozen=True)
class Phase:
    """What an epoch trains, and how its rates move.

    Attributes:
        step: Takes a batch and returns its loss.
        set_rates: Called with the number of the step, counted from the start of training.
    """

    step: Callable[[Tensor, Tensor], Tensor]
    set_rates: Callable[[int], None]


def make_phase(
    objective: Objective,
    optimizer: torch.optim.Optimizer,
    *,
    dtype: torch.dtype,
    device: torch.device,
    set_rates: Callable[[int], None],
) -> Phase:
    """Prepare a phase; on a GPU its steps are recorded once and replayed."""
    step = TrainingStep(objective, optimizer, dtype=dtype)
    if device.type == "cuda":
        return Phase(ReplayedStep(step), set_rates)
    keep_freed_memory()
    return Phase(step, set_rates)


class Shuffled(Protocol):
    """What an epoch trains on: images, or what was computed from them."""

    labels: Tensor

    def __len__(self) -> int:
        """Count the images."""

    def shuffled(
        self, batch_size: int, *, augmentation: Augmentation, generator: torch.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Serve every image once in random order, in batches with their labels."""


def train_epoch(
    phase: Phase,
    images: Shuffled,
    *,
    epoch: int,
    batch_size: int,
    augmentation: Augmentation,
    generator: torch.Generator,
    reporter: Reporter,
) -> float:
    """Train on every image once and return the mean loss.

    Raises:
        Cancelled: Between two batches, when the reporter says so.
    """
    total = torch.zeros((), device=images.labels.device)
    steps = steps_per_epoch(len(images), batch_size)
    batches = images.shuffled(batch_size, augmentation=augmentation, generator=generator)
    for step_in_epoch, (inputs, labels) in enumerate(batches):
        reporter.raise_if_cancelled()
        phase.set_rates(epoch * steps + step_in_epoch)
        total += phase.step(inputs, labels) * len(labels)
    if steps >= MANY_STEPS and images.labels.device.type == "cpu":
        use_huge_pages()
    return float(total) / len(images)


def steps_per_epoch(num_images: int, batch_size: int) -> int:
    """Count the batches of an epoch, the last and smaller one included."""
    return -(-num_images // batch_size)


@torch.inference_mode()
def predict(network: nn.Module, images: DeviceImages) -> Tensor:
    """Return float32 logits ``(N, K)`` on the CPU, computed in evaluation mode and float32."""
    with evaluation_mode(network):
        batches = [network(inputs) for inputs, _ in images.in_order(EVALUATION_BATCH)]
    return torch.cat(batches).cpu()


def accuracy(network: nn.Module, images: DeviceImages) -> float:
    """Return the share of images whose largest logit is at their label, 0-1."""
    predicted = predict(network, images).argmax(dim=1)
    return float((predicted == images.labels.cpu()).double().mean())


@torch.inference_mode()
def augmented_accuracy(
    network: nn.Module,
    images: DeviceImages,
    augmentation: Augmentation,
    generator: torch.Generator,
) -> float:
    """Return the accuracy on images that are changed at random as in training, 0-1."""
    with evaluation_mode(network):
        served = images.shuffled(EVALUATION_BATCH, augmentation=augmentation, generator=generator)
        right = [(network(inputs).argmax(dim=1) == labels).double() for inputs, labels in served]
    return float(torch.cat(right).mean())


@contextmanager
def evaluation_mode(network: nn.Module) -> Iterator[None]:
    """Put the network in evaluation mode for a while."""
    was_training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(was_training)


@contextmanager
def seeded_epoch(seed: int, epoch: int, device: torch.device) -> Iterator[torch.Generator]:
    """Make everything random in an epoch depend on ``(seed, epoch)`` alone.

    So an epoch needs nothing from the one before it but weights and optimizer state, which is
    what makes a resumed run equal to an undisturbed one. Yields the generator of order and
    augmentation; torch's global generators, which dropout uses, are seeded inside and restored.
    """
    epoch_seed = (seed << 20) + epoch
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(epoch_seed)
        yield torch.Generator(device).manual_seed(epoch_seed)

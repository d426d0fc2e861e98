"""A module beside its honest rivals: networks of the same shape, trained in the same time.

    python benchmarks/rivals.py --model cnn-digits --target 3 [--preset small] [--set epochs=4]

The module's own network, with all its weights drawn anew, is trained from scratch on the target's
images, once on their labels and once on what the original answers (distilled), each for as much
processor time as making the module took, so that other work on the machine changes nothing. Size
and latency are equal and only the way differs. Every epoch is chosen on validation images; the test
images are read once.
"""

import argparse
import time
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, kl_div

from modelfoundry.cli.assignments import read_assignment
from modelfoundry.progress import SilentReporter
from modelfoundry.training.balanced_images import BalancedImages
from modelfoundry.training.device import training_dtype
from modelfoundry.training.device_images import Augmentation, DeviceImages
from modelfoundry.training.loop import (
    Phase,
    accuracy,
    seeded_epoch,
    steps_per_epoch,
    train_epoch,
)
from modelfoundry.training.optimizers import sgd
from modelfoundry.training.schedule import rate_setter
from one_search import set_up

LEARNING_RATE, WEIGHT_DECAY = 0.1, 5e-4
TEMPERATURE = 2.0
SEED = 0


class RivalStep:
    """A step on the labels, or on the original's softened answers as well.

    Args:
        teacher: Images to the log-probabilities of the target's outputs; none: labels only.
    """

    def __init__(self, network, optimizer, dtype, teacher=None) -> None:
        self._network, self._optimizer = network, optimizer
        self._dtype, self._teacher = dtype, teacher

    def __call__(self, images: Tensor, labels: Tensor) -> Tensor:
        is_cast = self._dtype is not torch.float32
        with torch.autocast(images.device.type, dtype=self._dtype, enabled=is_cast):
            logits = self._network(images)
        loss = cross_entropy(logits.float(), labels)
        if self._teacher is not None:
            answers = (logits.float() / TEMPERATURE).log_softmax(dim=1)
            wanted = self._teacher(images, is_cast=is_cast, dtype=self._dtype)
            divergence = kl_div(answers, wanted, reduction="batchmean", log_target=True)
            loss = 0.5 * loss + 0.5 * TEMPERATURE**2 * divergence
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()
        return loss.detach()


class Teacher:
    """The original's softened answers, summed over the classes that stand for an output."""

    def __init__(self, original: nn.Module, answer_of_class: Tensor, num_outputs: int) -> None:
        self._original = original
        answered = answer_of_class >= 0
        self._classes = torch.nonzero(answered).flatten()
        self._outputs = answer_of_class[answered]
        self._num_outputs = num_outputs

    @torch.no_grad()
    def __call__(self, images: Tensor, *, is_cast: bool, dtype: torch.dtype) -> Tensor:
        with torch.autocast(images.device.type, dtype=dtype, enabled=is_cast):
            logits = self._original(images).float()[:, self._classes]
        shares = (logits / TEMPERATURE).softmax(dim=1)
        summed = shares.new_zeros(len(shares), self._num_outputs)
        return summed.index_add_(1, self._outputs, shares).clamp_min_(1e-6).log()


def train_rival(network, one, *, seconds, teacher=None):
    """Train for about so much processor time; return both accuracies and the epochs it took."""
    config, device = one.config, one.device
    train = DeviceImages(one.problem.train, device=device)
    if one.problem.is_drawn_evenly:
        train = BalancedImages(train)
    steps = steps_per_epoch(len(train), config.batch_size)

    def epoch_of(trained, epochs):
        optimizer = sgd([list(trained.parameters())], weight_decay=WEIGHT_DECAY, device=device)
        rates = rate_setter(
            optimizer, schedule="one-cycle", peaks=(LEARNING_RATE,), total_steps=epochs * steps
        )
        step = RivalStep(trained, optimizer, training_dtype(config.precision, device), teacher)
        phase = Phase(step, rates)

        def run(epoch):
            trained.train()
            with seeded_epoch(SEED, epoch, device) as generator:
                train_epoch(
                    phase,
                    train,
                    epoch=epoch,
                    batch_size=config.batch_size,
                    augmentation=Augmentation(crop=config.augment, flip=config.flip),
                    generator=generator,
                    reporter=SilentReporter(),
                )
            return accuracy(trained, one.validation)

        return run

    started = time.process_time()
    epoch_of(deepcopy(network), 10)(0)
    epochs = max(1, round(seconds / (time.process_time() - started)))
    run, best, kept = epoch_of(network, epochs), -1.0, {}
    for epoch in range(epochs):
        reached = run(epoch)
        if reached >= best:
            best, kept = reached, deepcopy(network.state_dict())
    network.load_state_dict(kept)
    return best, accuracy(network, one.test), epochs


def drawn_anew(network: nn.Module) -> nn.Module:
    copy = deepcopy(network).requires_grad_(requires_grad=True)
    torch.manual_seed(SEED)
    for layer in copy.modules():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return copy


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--preset", default="small")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    one = set_up(
        arguments.model,
        arguments.target,
        preset=arguments.preset,
        settings=dict(map(read_assignment, arguments.set)),
    )

    def report(name, validation_accuracy, test_accuracy, note):
        print(f"{name:14} {validation_accuracy:10.2%} {test_accuracy:8.2%}  {note}", flush=True)

    print(f"{'':14} {'validation':>10} {'test':>8}")
    size = sum(each.numel() for each in one.network.parameters())
    report("original", one.base_validation, one.base_test, f"{size:,} parameters")
    started = time.process_time()
    found = one.run(SilentReporter())
    seconds = time.process_time() - started
    module = found.network.to(one.device)
    size = sum(each.numel() for each in module.parameters())
    note = f"{size:,} parameters, {seconds:.0f} s"
    report("module", accuracy(module, one.validation), accuracy(module, one.test), note)
    answers = torch.from_numpy(one.problem.answer_of_class).to(one.device)
    teacher = Teacher(one.original, answers, len(one.problem.outputs))
    teachers = {"from scratch": None, "distilled": teacher}
    for name, teacher in teachers.items():
        reached = train_rival(drawn_anew(module), one, seconds=seconds, teacher=teacher)
        report(name, *reached[:2], f"{reached[2]} epochs")


if __name__ == "__main__":
    main()
